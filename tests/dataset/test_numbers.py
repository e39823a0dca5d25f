"""The history of numbers that commits write."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audit.dataset.dataset import Dataset
from audit.dataset.numbers import NUMBERS_TOLD, numbers_of
from audit.dataset.schema import NUMBERS
from audit.dataset.snapshot import find_snapshot
from audit.errors import QueryError
from tests.crawled import START, crawled
from tests.dataset_builder import CRAWL_ID, make_dataset
from tests.pages import spam

FIRST = datetime(2024, 1, 1, tzinfo=UTC)


def test_each_number_is_what_its_definition_gives(crawled_sample: Path) -> None:
    with Dataset(crawled_sample) as opened:
        told = opened.sql("from numbers").rows()
        assert [row["number"] for row in told] == sorted(number.name for number in NUMBERS_TOLD)
        late = opened.query("late-files")
        for row in told:
            values = [*opened.sql(row["definition"]).rows()[0].values(), None]
            assert [row["value_count"], row["whole_count"]] == values[:2], row["number"]
        by_name = {row["number"]: row for row in told}
    assert by_name["late-files"]["value_count"] == len(late)
    assert {row["seen_at"] for row in told} == {START}


def test_the_same_commit_has_the_same_numbers(crawled_sample: Path, tmp_path: Path) -> None:
    snapshot = find_snapshot(crawled_sample)
    first, second = (numbers_of(snapshot, CRAWL_ID, tmp_path / name) for name in ("one", "two"))
    assert first.equals(second)
    assert first.schema.equals(NUMBERS.schema)


def test_what_nothing_tells_is_counted_as_nothing(tmp_path: Path) -> None:
    files = [{"uploaded_at": FIRST}, {"uploaded_at": FIRST + timedelta(days=15)}, {}]
    dated = numbers_of(make_dataset(tmp_path / "dated", files), CRAWL_ID, tmp_path)
    empty = numbers_of(make_dataset(tmp_path / "empty"), CRAWL_ID, tmp_path)
    wanted = {"files", "files-without-time", "late-files", "late-files-of-later"}
    for rows, expected in (
        (
            dated,
            {"files": (3, None), "files-without-time": (1, 3), "late-files": (1, 2), "late-files-of-later": (1, 1)},
        ),
        (
            empty,
            {"files": (0, None), "files-without-time": (0, 0), "late-files": (0, 0), "late-files-of-later": (0, 0)},
        ),
    ):
        told = {row["number"]: (row["value_count"], row["whole_count"]) for row in rows.to_pylist()}
        assert {name: told[name] for name in wanted} == expected


def test_numbers_that_cannot_be_counted_cost_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise QueryError("no space left")

    monkeypatch.setattr("audit.crawl.conclusion.numbers_of", full)
    spam(tmp_path / "pages", "spam-1.0.zip")
    with caplog.at_level(logging.WARNING), crawled(tmp_path / "data", tmp_path / "pages") as opened:
        assert len(opened.sql("from projects")) == 1
        assert len(opened.sql("from numbers")) == 0
    assert "no space left" in caplog.text
