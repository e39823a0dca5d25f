"""Kept pages as moments: in order, each project once, of one day, none lost."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from audit.importing.moments import moments_of
from tests.examples import examples

SECOND = 1_000_000
DAY = 86_400 * SECOND
BEGIN = 20_000 * DAY


def moments(*pages: tuple[int, int]) -> list[tuple[datetime, dict[int, int]]]:
    numbers, times = [number for number, _ in pages], [BEGIN + time for _, time in pages]
    return [(each.at, {n: t - BEGIN for n, t in each.pages.items()}) for each in moments_of(numbers, times)]


def at(seconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=20_000, seconds=seconds)


def test_no_page_is_no_moment() -> None:
    assert moments() == []


def test_pages_of_a_day_are_one_moment_at_the_end_of_its_last_second() -> None:
    assert moments((1, 5), (0, 2 * SECOND)) == [(at(2), {1: 5, 0: 2 * SECOND})]
    assert moments((0, 2 * SECOND + 1)) == [(at(3), {0: 2 * SECOND + 1})]


def test_a_project_that_was_written_again_and_another_day_begin_a_moment() -> None:
    assert moments((0, 0), (1, SECOND), (0, 2 * SECOND), (2, DAY - 1), (2, DAY)) == [
        (at(1), {0: 0, 1: SECOND}),
        (at(86_400), {0: 2 * SECOND, 2: DAY - 1}),
        (at(86_401), {2: DAY}),
    ]


def test_another_day_begins_a_moment_whatever_the_project() -> None:
    assert [list(held) for _, held in moments((0, DAY - 1), (1, DAY), (2, DAY + 1))] == [[0], [1, 2]]


def test_moments_in_one_second_have_a_second_each() -> None:
    assert [when for when, _ in moments((0, 1), (0, 2), (0, 3))] == [at(1), at(2), at(3)]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3 * DAY)), max_size=30, unique=True))
@settings(max_examples=examples(200))
def test_every_page_is_in_one_moment_and_moments_ascend(pages: list[tuple[int, int]]) -> None:
    found = moments(*pages)
    assert sorted((n, t) for _, held in found for n, t in held.items()) == sorted(pages)
    times = [when for when, _ in found]
    assert times == sorted(set(times))
    in_order = [t for _, held in found for t in sorted(held.values())]
    assert in_order == sorted(in_order)
    assert all(at(0) + timedelta(microseconds=t) <= when for when, held in found for t in held.values())
