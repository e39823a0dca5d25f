"""The head of a report: which index, which projects, which day; never today's for what was recorded."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from audit.dataset.dataset import Dataset
from audit.page.content import Content
from audit.page.gathering import gather
from audit.page.provenance import Provenance, provenance
from tests.dataset_builder import make_dataset

ASKED = datetime(2027, 3, 4, tzinfo=UTC)
RECORDED = datetime(2026, 11, 23, tzinfo=UTC)
URL = "https://packages.example.org/simple/"


def provenance_of(folder: Path, projects: list[dict[str, Any]], *crawls: dict[str, Any]) -> Provenance:
    rows = [{"last_checked_at": ASKED, **row} for row in projects]
    with Dataset(
        make_dataset(folder, projects=rows, crawls=[{"index_url": URL, **crawl} for crawl in crawls])
    ) as opened:
        return provenance(gather(opened), "html")


def test_an_index_that_was_asked_is_named_with_the_days_of_its_answers(tmp_path: Path) -> None:
    head = provenance_of(tmp_path, [{}], {"chosen_by": "--projects top.json --top 1"})
    assert head.facts["Index"] == f"{URL}, through the JSON API"
    assert head.facts["Projects"] == "1 asked for, chosen by --projects top.json --top 1"
    assert head.facts["Pages"] == "asked for 2027-03-04"
    assert head.facts["Uploads"] == "no upload time is known"
    assert head.command == "release-audit report --dataset DIR --window-days 14 --out report.html"
    fingerprint = head.facts["Dataset"].removeprefix("sha256:")
    assert len(fingerprint) == 64
    assert head.cite.endswith(
        f": {URL}, 1 projects (--projects top.json --top 1), pages asked for 2027-03-04, "
        f"crawled by an unknown version, window 14 d, dataset sha256:{fingerprint[:16]}"
    )


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Content:
    folder = make_dataset(
        tmp_path_factory.mktemp("asked"), projects=[{"last_checked_at": ASKED}], crawls=[{"index_url": URL}]
    )
    with Dataset(folder) as opened:
        return gather(opened)


@pytest.mark.parametrize(
    ("crawled_by", "head", "cited"),
    [
        ([], "no crawl", ", window"),
        (["0.2.0"], "release-audit 0.2.0", ", window"),
        (["0.1.0", "0.2.0", "0.2.0"], "release-audit 0.2.0, release-audit 0.1.0", ", crawled by {head}, window"),
        (
            ["", "0.2\x1b[1m"],
            "release-audit 0.2\\x1b[1m, an unknown version",
            ", crawled by {head}, window",
        ),
        (
            ["1", "2", "3", "4", "5"],
            "release-audit 5, release-audit 4, release-audit 3 and 2 more",
            ", crawled by {head}, window",
        ),
    ],
)
def test_the_programs_are_named_that_counted_and_that_crawled(
    crawled_by: list[str], head: str, cited: str, gathered: Content
) -> None:
    content = replace(gathered, version="0.2.0", crawled_by=crawled_by)
    origin = provenance(content, "html")
    assert (origin.facts["Program"], origin.facts["Crawled by"]) == ("release-audit 0.2.0", head)
    assert f"pages asked for 2027-03-04{cited.format(head=head)} 14 d" in origin.cite
    assert Version(content.edition).public == "0.2.0"
    assert Version(replace(content, version="0.2.0+gabc").edition).local == f"gabc.{content.fingerprint[:16]}"


def test_what_was_recorded_is_of_the_day_of_its_recording(tmp_path: Path) -> None:
    recorded = {"recorded_at": RECORDED, "recorded_from": "an index"}
    head = provenance_of(
        tmp_path / "all", [recorded], {"index_url": "http://127.0.0.1:9/simple/", "chosen_by": "--whole-index"}
    )
    assert head.facts["Index"] == "an index, pages replayed from a recording, through the JSON API"
    assert head.facts["Projects"] == "1 asked for, chosen by --whole-index, all of the recording"
    assert head.facts["Pages"] == "recorded 2026-11-23"
    assert "2027" not in head.cite
    assert "127.0.0.1" not in head.cite
    some = provenance_of(tmp_path / "some", [recorded, {"project": "eggs"}])
    assert some.facts["Pages"] == "of 1 projects recorded 2026-11-23, the others asked for 2027-03-04"


def test_every_choice_is_named_newest_first_and_many_are_counted(tmp_path: Path) -> None:
    crawls = [{"crawl_id": f"2026010{day}T000000Z", "chosen_by": f"--project p{day}"} for day in range(1, 6)]
    head = provenance_of(tmp_path, [{}], *crawls, {"crawl_id": "20260109T000000Z", "api": "simple"})
    assert head.facts["Index"] == f"{URL}, through the Index API and the JSON API"
    assert head.facts["Projects"] == (
        "1 asked for, chosen by options that are not on record; --project p5; --project p4; and 3 more"
    )


@pytest.mark.parametrize("projects", [[], [{"last_checked_at": None}]])
def test_what_is_not_on_record_is_said(tmp_path: Path, projects: list[dict[str, Any]]) -> None:
    head = provenance_of(tmp_path, projects)
    assert head.facts["Index"] == "not on record"
    assert "options that are not on record" in head.facts["Projects"]
    assert head.facts["Pages"] == "of no known day"


def test_strangers_text_is_inert(tmp_path: Path) -> None:
    head = provenance_of(tmp_path, [{}], {"index_url": "http://a\x1b[2J/\n", "chosen_by": "--projects '\u202e'"})
    assert head.cite.isprintable()
    assert all(text.isprintable() for text in head.facts.values())
