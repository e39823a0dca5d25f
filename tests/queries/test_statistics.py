"""The statistics on the sample, crawled through both APIs: what a separate program in plain Python counted."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.answers import csv
from audit.dataset.dataset import Dataset
from audit.model import Api
from tests.recorded import EXPECTED

REFERENCES = ["policies", "lag_buckets", "late_by_year", "late_wheels_by_python", "late_files"]


@pytest.fixture(scope="module", params=Api)
def sample(request: pytest.FixtureRequest, crawled_sample: Path, sample_of_index_api: Path) -> Iterator[Dataset]:
    with Dataset({Api.JSON: crawled_sample, Api.SIMPLE: sample_of_index_api}[request.param]) as opened:
        yield opened


@pytest.mark.parametrize("name", REFERENCES)
def test_the_first_columns_are_the_references(sample: Dataset, name: str) -> None:
    expected = (EXPECTED / f"{name}.csv").read_text()
    answer = sample.query(name).arrow()
    columns = expected.partition("\n")[0].split(",")
    assert answer.column_names[: len(columns)] == columns
    assert csv.render(answer.select(columns)) == expected


def test_every_late_file_has_one_reason_and_they_add_up(sample: Dataset) -> None:
    late = sample.query("late-files").rows()
    reasons = sample.query("reasons").rows()
    assert sum(row["files"] for row in reasons) == len(late) == reasons[0]["late_files"]
    assert sum(row["files"] for row in sample.query("reasons-by-year").rows()) == len(late)
    refused = {(row["policy"], row["window"]): row["refused_files"] for row in sample.query("policies").rows()}
    explained = dict.fromkeys(refused, 0)
    for row in sample.query("policy-reasons").rows():
        explained[row["policy"], row["window"]] += row["refused_files"]
    assert explained == refused


def test_every_file_of_more_than_a_day_has_one_reason(sample: Dataset) -> None:
    rows = sample.query("late-files", window_days=1).rows()
    later = sample.sql("select count(*) as files from file_lags where lag_us > 86400000000").rows()[0]["files"]
    assert len({row["filename"] for row in rows}) == len(rows) == later
    assert {row["reason"] for row in rows} == {row["reason"] for row in sample.query("reasons").rows()}


def test_a_policys_reasons_are_those_of_late_files_at_the_same_window(sample: Dataset) -> None:
    counts = {row["reason"]: row["files"] for row in sample.query("reasons", window_days=14).rows()}
    policy = [r for r in sample.query("policy-reasons").rows() if (r["policy"], r["window"]) == ("after-first", "14d")]
    assert {row["reason"]: row["refused_files"] for row in policy} == counts


def test_no_file_came_after_the_rule(sample: Dataset) -> None:
    assert sum(row["refused_by_rule_file_count"] for row in sample.query("enforcement").rows()) == 0


def test_reasons_are_those_found_by_hand(sample: Dataset) -> None:
    read = tomllib.loads((Path(__file__).parent / "read_reasons.toml").read_text("utf-8"))["release"]
    decided = {name: (r["project"], r["version"], r["reason"]) for r in read for name in r["files"]}
    assert len(decided) >= 40
    found = {r["filename"]: (r["project"], r["version"], r["reason"]) for r in sample.query("late-files").rows()}
    assert {name: found[name] for name in decided} == decided
