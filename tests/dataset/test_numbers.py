"""The history of numbers that commits write."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from audit.dataset.dataset import Dataset
from audit.dataset.numbers import KEPT_NUMBERS, numbers_of
from audit.dataset.schema import NUMBERS
from audit.dataset.snapshot import find_snapshot
from tests.crawled import START
from tests.dataset_builder import CRAWL_ID, make_dataset

FIRST = datetime(2024, 1, 1, tzinfo=UTC)


def test_each_number_is_what_its_definition_gives(crawled_sample: Path) -> None:
    with Dataset(crawled_sample) as opened:
        rows = opened.sql("from numbers").rows()
        assert [row["number"] for row in rows] == sorted(number.name for number in KEPT_NUMBERS)
        late = opened.query("late-files")
        for row in rows:
            values = [*opened.sql(row["definition"]).rows()[0].values(), None]
            assert [row["value_count"], row["whole_count"]] == values[:2], row["number"]
        by_name = {row["number"]: row for row in rows}
    assert by_name["late-files"]["value_count"] == len(late)
    assert {row["seen_at"] for row in rows} == {START}


def test_the_same_commit_has_the_same_numbers(crawled_sample: Path) -> None:
    snapshot = find_snapshot(crawled_sample)
    first, second = (numbers_of(snapshot, CRAWL_ID) for _ in range(2))
    assert first.equals(second)
    assert first.schema.equals(NUMBERS.schema)


def test_what_no_row_shows_is_counted_as_nothing(tmp_path: Path) -> None:
    files = [{"uploaded_at": FIRST}, {"uploaded_at": FIRST + timedelta(days=15)}, {}]
    dated = numbers_of(make_dataset(tmp_path / "dated", files), CRAWL_ID)
    empty = numbers_of(make_dataset(tmp_path / "empty"), CRAWL_ID)
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
        counts = {row["number"]: (row["value_count"], row["whole_count"]) for row in rows.to_pylist()}
        assert {name: counts[name] for name in wanted} == expected
