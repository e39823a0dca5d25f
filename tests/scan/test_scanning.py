"""The whole of a scan over the recorded sample: real releases, and what is known of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import NormalizedName

from audit.dataset.dataset import Dataset
from audit.scan.findings import FINDINGS, LockTime, Scanned
from audit.scan.pins import Input, NotOnIndex, Pin, PinnedBy, PinnedFile
from audit.scan.scanning import Question, projects_of, scan

LINUX = "cp38-manylinux_2_28_x86_64"
DISPLACER = "MarkupSafe-1.1.1-cp38-cp38-manylinux2010_x86_64.whl"
DISPLACED = "MarkupSafe-1.1.1-cp38-cp38-manylinux1_x86_64.whl"
LOCKED = LockTime(datetime(2020, 1, 1, tzinfo=UTC), "given")


def pinned(
    project: str, version: str | None, *files: PinnedFile, specifier: str = "", marker: str | None = None
) -> Pin:
    weak = PinnedBy.RANGE if version is None else PinnedBy.VERSION
    by = PinnedBy.HASH if files else weak
    return Pin("lock", 7, NormalizedName(project), version, specifier, by, files, marker)


def scanned(
    dataset: Path, *pins: Pin, question: Question | None = None, locked: LockTime | None = LOCKED, **options: Any
) -> Scanned:
    inputs = [Input("lock", "requirements", pins, options.get("others", ()))]
    with Dataset(dataset, projects=projects_of(inputs)) as opened:
        return scan(inputs, [locked], opened, question or Question(environment=LINUX, is_taken=True))


def rows(found: Scanned, rule: str | None = "any") -> Sequence[dict[str, Any]]:
    assert found.rows.schema.equals(FINDINGS)
    return [row for row in found.rows.to_pylist() if rule in {"any", row["rule"]}]


def test_a_version_without_hashes_takes_a_wheel_that_displaces_another(crawled_sample: Path) -> None:
    found = scanned(crawled_sample, pinned("markupsafe", "1.1.1"))
    [late] = rows(found, "RA001")
    assert (late["level"], late["filename"], late["picked_before"]) == ("error", DISPLACER, DISPLACED)
    assert (late["effect"], late["reason"], late["environments"]) == ("displaces", "overlap", [LINUX])
    assert late["lag_us"] == 60993967326521
    assert late["appeared_after_lock"] is True
    assert late["cooldown_sees"] is None
    assert late["refused_by"][0] == "after-first"
    [grown] = rows(found, "RA003")
    assert grown["level"] == "warning"
    assert grown["why"].startswith("markupsafe 1.1.1 got 24 files after the lock of 2020-01-01")
    assert not found.is_incomplete


def test_a_hash_holds_the_file_that_was_there_before(crawled_sample: Path) -> None:
    found = scanned(crawled_sample, pinned("markupsafe", "1.1.1", PinnedFile("MarkupSafe-1.1.1.tar.gz")))
    assert [(row["rule"], row["level"]) for row in rows(found)] == [("RA003", "note"), (None, None)]


def test_a_hash_that_pins_the_late_file_is_a_note(crawled_sample: Path) -> None:
    found = scanned(crawled_sample, pinned("markupsafe", "1.1.1", PinnedFile(DISPLACER)), locked=None)
    assert [row["rule"] for row in rows(found)] == ["RA003", "RA002"]
    assert rows(found, "RA002")[0]["level"] == "note"
    assert rows(found, "RA003")[0]["project"] is None


def test_pillow_9_4_0_on_macos(crawled_sample: Path) -> None:
    question = Question(environment="cp311-macosx_13_0_x86_64", is_taken=True)
    [late] = rows(scanned(crawled_sample, pinned("pillow", "9.4.0"), question=question), "RA001")
    assert late["filename"] == "Pillow-9.4.0-2-cp311-cp311-macosx_10_10_x86_64.whl"
    assert (late["reason"], late["effect"], late["level"]) == ("rebuild", "displaces", "error")


def test_numpy_1_6_0_in_environments_of_the_past(crawled_sample: Path) -> None:
    question = Question(environment="past")
    late = rows(scanned(crawled_sample, pinned("numpy", "1.6.0"), question=question), "RA001")
    assert all(row["lag_us"] > 14 * 86_400_000_000 for row in late)
    with Dataset(crawled_sample) as whole:
        picks = whole.sql("from late_picks(environment_ := 'past')").rows()
    known = {row["filename"] for row in picks if (row["project"], row["version"]) == ("numpy", "1.6.0")}
    assert {row["filename"] for row in late} == known != set()


def test_what_is_taken_is_what_the_pick_history_says(crawled_sample: Path) -> None:
    for project, version in (("markupsafe", "1.1.1"), ("pillow", "9.4.0"), ("numpy", "1.26.4"), ("pyyaml", "5.4.1")):
        found = scanned(crawled_sample, pinned(project, version), question=Question(environment="today"))
        with Dataset(crawled_sample) as whole:
            history = whole.query("pick-history", environment="today", project=project, version=version).rows()
        known = {row["filename"] for row in history if row["replaced_at"] is None}
        assert {row["filename"] for row in rows(found) if row["environments"]} == known


def test_a_cooldown_is_asked_about_only_where_there_is_one(crawled_sample: Path) -> None:
    question = Question(environment=LINUX, is_taken=True, cooldown_days=7)
    [seen] = rows(scanned(crawled_sample, pinned("markupsafe", "1.1.1"), question=question), "RA006")
    assert seen["cooldown_sees"][1] == "Renovate: passes"
    assert "a cooldown of 7 days" in seen["why"]


def test_where_the_lock_and_the_index_differ(crawled_sample: Path) -> None:
    wrong = PinnedFile(DISPLACER, "0" * 64, 1)
    question = Question(environment=LINUX, is_taken=True)
    assert rows(scanned(crawled_sample, pinned("markupsafe", "1.1.1", wrong), question=question), "RA004") == []
    asked = Question(environment=LINUX, is_taken=True, is_verifying=True)
    [differs] = rows(scanned(crawled_sample, pinned("markupsafe", "1.1.1", wrong), question=asked), "RA004")
    assert differs["level"] == "error"
    assert "1 bytes in the lock" in differs["why"]


def test_a_condition_that_does_not_hold_in_the_environment(crawled_sample: Path) -> None:
    windows = pinned("markupsafe", "1.1.1", marker="sys_platform == 'win32'")
    assert rows(scanned(crawled_sample, windows)) == []
    assert rows(scanned(crawled_sample, windows, question=Question(environment="today")), "RA001")


def test_what_is_not_known_is_reported_and_counted(crawled_sample: Path) -> None:
    repository = NotOnIndex("lock", 9, "eggs", "git+https://example.org/eggs.git")
    found = scanned(crawled_sample, pinned("nosuch", "1.0"), pinned("numpy", "999"), others=[repository])
    statuses = {row["project"]: row["index_status"] for row in rows(found, "RA008")}
    assert statuses == {"nosuch": "not asked", "numpy": "no such release", "eggs": "not on the index"}
    assert found.is_incomplete


@pytest.mark.parametrize(
    "newer",
    [
        pinned("numpy", "999"),
        pinned("numpy", "1.6.0", PinnedFile("numpy-1.6.0-cp99-cp99-win_amd64.whl")),
        pinned("numpy", "1.6.0", PinnedFile(sha256="0" * 64)),
    ],
)
def test_what_may_be_newer_than_the_dataset_makes_a_scan_incomplete(crawled_sample: Path, newer: Pin) -> None:
    after = LockTime(datetime(2100, 1, 1, tzinfo=UTC), "given")
    assert not scanned(crawled_sample, newer).is_incomplete
    for locked in (after, None):
        found = scanned(crawled_sample, newer, locked=locked)
        [why] = [row["why"] for row in rows(found, "RA008")]
        assert why.endswith("; the input may be newer than what is known")
        assert found.is_incomplete


def test_a_time_that_is_a_lower_bound_is_reported(crawled_sample: Path) -> None:
    bound = LockTime(LOCKED.at, "newest upload")
    found = scanned(crawled_sample, pinned("markupsafe", "1.1.1"), locked=bound)
    assert found.caveats == [
        "lock: taken to be made on 2020-01-01, the newest upload in it. It was made then or later."
    ]


@pytest.mark.parametrize(
    "environment", [LINUX, *(pytest.param(several, marks=pytest.mark.slow) for several in ("today", "all"))]
)
def test_the_same_scan_gives_the_same_rows(crawled_sample: Path, environment: str) -> None:
    pins = [pinned("markupsafe", "1.1.1"), pinned("pillow", None, specifier="<10"), pinned("numpy", "1.6.0")]
    first, second = (scanned(crawled_sample, *pins, question=Question(environment=environment)) for _ in range(2))
    assert first.rows.equals(second.rows)


def test_an_inferred_name_is_found_whatever_the_order_of_its_tags(crawled_sample: Path) -> None:
    with Dataset(crawled_sample) as whole:
        listed = whole.sql(
            "select version, filename from files where project = 'numpy' and platform_tag like '%.%' limit 1"
        )
    [row] = listed.rows()
    head, _, platforms = row["filename"].removesuffix(".whl").rpartition("-")
    turned = f"{head}-{'.'.join(reversed(platforms.split('.')))}.whl"
    assert turned != row["filename"]
    pin = pinned("numpy", row["version"], PinnedFile(turned, is_inferred=True))
    found = scanned(crawled_sample, pin, question=Question(environment="today"))
    assert {each["filename"] for each in rows(found, None)} | {each["filename"] for each in rows(found, "RA002")} == {
        row["filename"]
    }


def test_a_lock_that_is_newer_than_the_dataset_has_no_file_that_vanished(crawled_sample: Path) -> None:
    files = [PinnedFile(f"numpy-999-{name}.whl", "0" * 64) for name in ("a", "b")]
    pins = [
        pinned("numpy", "999", *files),
        pinned("numpy", "1.26.4", PinnedFile(None, "0" * 64), PinnedFile(None, "1" * 64)),
    ]
    newer = LockTime(datetime(2026, 11, 24, tzinfo=UTC), "git")
    found = scanned(crawled_sample, *pins, locked=newer, question=Question(environment="today"))
    assert [row["rule"] for row in rows(found) if row["rule"]] == ["RA008", "RA008"], "one for each pin"
    older = LockTime(datetime(2026, 11, 22, tzinfo=UTC), "git")
    gone = rows(scanned(crawled_sample, *pins, locked=older, question=Question(environment="today")), "RA005")
    assert [(row["version"], row["filename"]) for row in gone] == [
        ("1.26.4", None),
        ("999", "numpy-999-a.whl"),
        ("999", "numpy-999-b.whl"),
    ]
    just_now = Question(environment="today", is_fresh=True)
    assert rows(scanned(crawled_sample, *pins, locked=older, question=just_now), "RA005") == gone
    replayed = scanned(crawled_sample, *pins, locked=newer, question=just_now)
    assert not rows(replayed, "RA005"), "a recorded page is as old as its recording, whenever it is asked for"
