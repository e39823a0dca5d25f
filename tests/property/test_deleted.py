"""What deleted files change: SQL asked with them against plain Python, and against a dataset that lists the first."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.crawl.decode.version import facts_of
from audit.dataset.dataset import Dataset
from tests.dataset_builder import make_dataset
from tests.examples import examples

START = datetime(2020, 1, 1, tzinfo=UTC)
DAY_US = 86_400_000_000
VERSIONS = ["1.0", "1.0.1", "2.0"]
# Close to the edges of 14 days and of an hour, so that ties and edges happen.
MOMENTS_US = st.builds(
    lambda hours, off: max(0, hours * 3_600_000_000 + off),
    st.sampled_from([0, 1, 2, 24, 335, 336, 337, 720, 9000]),
    st.sampled_from([-1, 0, 1]),
)
FILES = st.lists(
    st.tuples(
        st.sampled_from("ab"), st.sampled_from(VERSIONS), st.none() | MOMENTS_US, st.sampled_from(["sdist", "wheel"])
    ),
    max_size=10,
)
DELETED = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([*VERSIONS, "9.0"]), MOMENTS_US), max_size=6)
QUERIES = (
    "late-files",
    "late-releases",
    "grown-releases",
    "timeline",
    "totals",
    "lag-buckets",
    "policies",
    "reasons",
    "completion",
    "late-by-year",
    "suspicious-releases",
    "visibility-bias",
    "late-by-deleted",
)

FIRSTS = """
    select known.first_uploaded_at as known_at, visible.first_uploaded_at as visible_at
    from first_uploads as known
    join visible_first_uploads as visible using (release_number)
"""


def at(moment: int | None) -> datetime | None:
    return None if moment is None else START + timedelta(microseconds=moment)


def row(project: str, version: str, moment: int | None, kind: str, filename: str) -> dict[str, Any]:
    facts = facts_of(version)
    tags = dict.fromkeys(("python_tag", "abi_tag", "platform_tag"), "any") if kind == "wheel" else {}
    return {
        "project": project,
        "version": version,
        "version_key": facts.version_key,
        "is_prerelease": facts.is_prerelease,
        "filename": filename,
        "kind": kind,
        "uploaded_at": at(moment),
        **tags,
    }


def listed(files: list[tuple[str, str, int | None, str]]) -> list[dict[str, Any]]:
    return [row(*file, f"f{number:02}") for number, file in enumerate(files)]


def vanished(deleted: list[tuple[str, str, int]]) -> list[dict[str, Any]]:
    return [
        {
            "event": "vanished",
            "project": project,
            "version": version,
            "filename": f"d{number:02}",
            "uploaded_at": at(moment),
            "source": "bigquery",
            "seen_at": None,
        }
        for number, (project, version, moment) in enumerate(deleted)
    ]


def release_rows(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = ("version_key", "is_prerelease", "is_postrelease", "series")
    versions = sorted({(file["project"], file["version"]) for file in files})
    return [{"project": p, "version": v} | {name: getattr(facts_of(v), name) for name in names} for p, v in versions]


def opened(folder: str, files: list[dict[str, Any]], deleted: list[dict[str, Any]], **how: Any) -> Dataset:
    crawls = [{"project": project} for project in sorted({event["project"] for event in deleted})]
    path = make_dataset(
        Path(folder) / str(len(list(Path(folder).iterdir()))), files, release_rows(files), events=deleted, crawls=crawls
    )
    return Dataset(path, **how)


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(30))
@given(files=FILES, deleted=DELETED)
def test_lags_are_those_after_the_first_upload_that_is_known(
    files: list[tuple[str, str, int | None, str]], deleted: list[tuple[str, str, int]]
) -> None:
    uploads = [(p, v, m) for p, v, m, _ in files if m is not None] + deleted
    moments = {(p, v): [m for q, w, m in uploads if (q, w) == (p, v)] for p, v, *_ in files}
    lags = {
        f"f{number:02}": moment - min(moments[project, version])
        for number, (project, version, moment, _) in enumerate(files)
        if moment is not None
    }
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(folder, listed(files), vanished(deleted), including_deleted=True) as dataset,
    ):
        assert {
            r["filename"]: r["lag_us"] for r in dataset.sql("from file_lags where lag_us is not null").rows()
        } == lags
        firsts = dataset.sql(FIRSTS).rows()
        late = {name for name, lag in lags.items() if lag > 14 * DAY_US}
        assert {r["filename"] for r in dataset.query("late-files").rows()} == late
        assert sum(r["late_file_count"] for r in dataset.query("late-releases").rows()) == len(late)
        buckets = dataset.query("lag-buckets").rows()
        assert sum(r["files"] for r in buckets) == sum(lag > 0 for lag in lags.values())
        assert sum(r["files"] for r in buckets if r["from_days"] >= 14) == len(late)
        known = [min(moments[each]) for each in moments if moments[each]]
        assert dataset.query("totals").rows()[0]["first_uploaded_at"] == at(min(known, default=None))
        by_deleted = {r["filename"] for r in dataset.query("late-by-deleted").rows()}
        assert dataset.check() == []
    assert all(row["visible_at"] is None or row["known_at"] <= row["visible_at"] for row in firsts)
    with tempfile.TemporaryDirectory() as folder, opened(folder, listed(files), vanished(deleted)) as dataset:
        visible = {r["filename"] for r in dataset.query("late-files").rows()}
        assert (visible | by_deleted, visible & by_deleted) == (late, set())
        assert {r["filename"] for r in dataset.query("late-by-deleted").rows()} == by_deleted


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(15))
@given(files=FILES)
def test_without_a_deleted_file_every_answer_is_the_same(files: list[tuple[str, str, int | None, str]]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(folder, listed(files), []) as visible,
        opened(folder, listed(files), [], including_deleted=True) as known,
    ):
        names = [name for name in QUERIES if name != "timeline" or files]
        for name in names:
            given_project = {"project": files[0][0]} if name == "timeline" else {}
            assert visible.query(name, **given_project).rows() == known.query(name, **given_project).rows()


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(25))
@given(files=FILES, deleted=DELETED)
def test_a_deleted_first_file_counts_as_if_it_were_listed(
    files: list[tuple[str, str, int | None, str]], deleted: list[tuple[str, str, int]]
) -> None:
    """No rule refuses a first file, and it is never late: all that it does is move the others."""
    rows, gone = listed(files), vanished(deleted)
    there = {(f["project"], f["version"]) for f in rows if f["uploaded_at"] is not None}
    firsts: dict[tuple[str, str], dict[str, Any]] = {}
    for event in sorted(gone, key=lambda event: str(event["uploaded_at"])):
        firsts.setdefault((event["project"], event["version"]), event)
    first_of = {
        r: min(f["uploaded_at"] for f in rows if (f["project"], f["version"]) == r and f["uploaded_at"]) for r in there
    }
    back = [
        row(*release, None, "sdist", event["filename"]) | {"uploaded_at": event["uploaded_at"]}
        for release, event in firsts.items()
        if release in there and event["uploaded_at"] < first_of[release]
    ]
    refused = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(folder, rows, gone, including_deleted=True) as known,
        opened(folder, rows + back, []) as whole,
    ):
        for name, dataset in (("known", known), ("whole", whole)):
            policies = dataset.query("policies").rows()
            late = dataset.query("late-files").rows()
            refused[name] = (
                {(r["policy"], r["window"]): (r["refused_files"], r["affected_releases"]) for r in policies},
                [(r["filename"], r["lag_us"], r["batch"], r["is_superseded"], r["is_out_of_order"]) for r in late],
            )
    assert refused["known"] == refused["whole"]
