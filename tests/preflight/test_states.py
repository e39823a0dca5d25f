"""The state of each file, in the order in which an index decides."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from audit.preflight.built import BuiltFile
from audit.preflight.listed import Listed
from audit.preflight.rule import UploadRule
from audit.preflight.states import FileState, State, Verdict, states_of
from tests.preflight.builders import AT, PYPI, SPAM, built, digest, listed, listed_file

SDIST, WHEEL = "spam-1.0.tar.gz", "spam-1.0-py3-none-any.whl"
DAYS_14, HOUR, US = timedelta(days=14), timedelta(hours=1), timedelta(microseconds=1)
GONE = {WHEEL: datetime(2026, 1, 2, 3, tzinfo=UTC)}
OK, SKIPPED, MAYBE, REFUSED = Verdict.ACCEPTED, Verdict.SKIPPED, Verdict.MAY_BE_REFUSED, Verdict.REFUSED


def state(file: BuiltFile, has: Listed, rule: UploadRule | None = PYPI) -> FileState:
    [found] = states_of([file], {SPAM: has}, rule, AT)
    return found


# What is built, what the index has, then the state and the verdict on PyPI and on another index.
CASES: dict[str, tuple[BuiltFile, Listed, tuple[State, Verdict], tuple[State, Verdict]]] = {
    "a new project": (built(SDIST), listed(), (State.NEW_RELEASE, OK), (State.NEW_RELEASE, OK)),
    "a new release": (
        built(SDIST),
        listed(listed_file("spam-0.9.tar.gz")),
        (State.NEW_RELEASE, OK),
        (State.NEW_RELEASE, OK),
    ),
    "joins": (
        built(WHEEL),
        listed(listed_file(SDIST, timedelta(days=3))),
        (State.JOINS, OK),
        (State.JOINS, OK),
    ),
    "joins a version that is spelled otherwise": (
        built("spam-1.0.0-py3-none-any.whl"),
        listed(listed_file(SDIST, timedelta(days=3))),
        (State.JOINS, OK),
        (State.JOINS, OK),
    ),
    "joins a release without a file": (
        built(WHEEL),
        listed(versions=["1.0"]),
        (State.JOINS, MAYBE),
        (State.JOINS, OK),
    ),
    "joins, and no time is given": (
        built(WHEEL),
        listed(listed_file(SDIST, None)),
        (State.JOINS, MAYBE),
        (State.JOINS, OK),
    ),
    "joins, a day before the end": (
        built(WHEEL),
        listed(listed_file(SDIST, timedelta(days=13))),
        (State.JOINS, OK),
        (State.JOINS, OK),
    ),
    "joins, less than a day before the end": (
        built(WHEEL),
        listed(listed_file(SDIST, timedelta(days=13) + US)),
        (State.JOINS, MAYBE),
        (State.JOINS, OK),
    ),
    "joins in the last instant": (
        built(WHEEL),
        listed(listed_file(SDIST, DAYS_14)),
        (State.JOINS, MAYBE),
        (State.JOINS, OK),
    ),
    "late": (
        built(WHEEL),
        listed(listed_file(SDIST, DAYS_14 + US)),
        (State.LATE, REFUSED),
        (State.JOINS, OK),
    ),
    "the first file with a time decides": (
        built(WHEEL),
        listed(listed_file(SDIST, None), listed_file("spam-1.0-1-py3-none-any.whl", timedelta(days=30))),
        (State.LATE, REFUSED),
        (State.JOINS, OK),
    ),
    "identical": (
        built(WHEEL),
        listed(listed_file(WHEEL, timedelta(days=3))),
        (State.IDENTICAL, SKIPPED),
        (State.IDENTICAL, SKIPPED),
    ),
    "identical, and long after the end": (
        built(WHEEL),
        listed(listed_file(WHEEL, timedelta(days=300))),
        (State.IDENTICAL, SKIPPED),
        (State.IDENTICAL, SKIPPED),
    ),
    "differs": (
        built(WHEEL, "new"),
        listed(listed_file(WHEEL, timedelta(days=3))),
        (State.DIFFERS, REFUSED),
        (State.DIFFERS, REFUSED),
    ),
    "differs, before it is late": (
        built(WHEEL, "new"),
        listed(listed_file(WHEEL, timedelta(days=300))),
        (State.DIFFERS, REFUSED),
        (State.DIFFERS, REFUSED),
    ),
    "differs, as no digest is given": (
        built(WHEEL),
        listed(listed_file(WHEEL, sha256=None)),
        (State.DIFFERS, REFUSED),
        (State.DIFFERS, REFUSED),
    ),
    "one content under two names": (
        built(WHEEL, "same"),
        listed(listed_file("spam-0.9-py3-none-any.whl", content="same")),
        (State.DIFFERS, REFUSED),
        (State.NEW_RELEASE, OK),
    ),
    "a name used before": (
        built(WHEEL),
        listed(listed_file(SDIST), vanished=GONE),
        (State.NAME_USED_BEFORE, REFUSED),
        (State.NAME_USED_BEFORE, MAYBE),
    ),
    "a name used before, before it is late": (
        built(WHEEL),
        listed(listed_file(SDIST, timedelta(days=300)), vanished=GONE),
        (State.NAME_USED_BEFORE, REFUSED),
        (State.NAME_USED_BEFORE, MAYBE),
    ),
    "a name that vanished and came back": (
        built(WHEEL),
        listed(listed_file(WHEEL), vanished=GONE),
        (State.IDENTICAL, SKIPPED),
        (State.IDENTICAL, SKIPPED),
    ),
    "a second sdist": (
        built("spam-1.0.tar.gz"),
        listed(listed_file("spam-1.0.0.tar.gz", version="1.0")),
        (State.SECOND_SDIST, REFUSED),
        (State.SECOND_SDIST, MAYBE),
    ),
    "late, before it is a second sdist": (
        built("spam-1.0.tar.gz"),
        listed(listed_file("spam-1.0.0.tar.gz", timedelta(days=20), version="1.0")),
        (State.LATE, REFUSED),
        (State.SECOND_SDIST, MAYBE),
    ),
    "a second sdist, before its name is bad": (
        built("spam-1.0.zip"),
        listed(listed_file(SDIST)),
        (State.SECOND_SDIST, REFUSED),
        (State.SECOND_SDIST, MAYBE),
    ),
    "a name that metadata contradicts": (
        built(WHEEL, odd_name="the metadata is of eggs"),
        listed(),
        (State.BAD_NAME, REFUSED),
        (State.BAD_NAME, MAYBE),
    ),
    "late, before its name is bad": (
        built(WHEEL, odd_name="the metadata is of eggs"),
        listed(listed_file(SDIST, timedelta(days=20))),
        (State.LATE, REFUSED),
        (State.BAD_NAME, MAYBE),
    ),
    "a name that says nothing": (
        built(WHEEL, project=None, version=None, odd_name="no name"),
        listed(),
        (State.BAD_NAME, REFUSED),
        (State.BAD_NAME, MAYBE),
    ),
    "an sdist that is a .zip": (built("spam-1.0.zip"), listed(), (State.BAD_NAME, REFUSED), (State.NEW_RELEASE, OK)),
    "an sdist in capitals": (built("Spam-1.0.tar.gz"), listed(), (State.BAD_NAME, REFUSED), (State.NEW_RELEASE, OK)),
    "a wheel in capitals": (
        built("Spam-1.0-py3-none-any.whl"),
        listed(),
        (State.BAD_NAME, REFUSED),
        (State.NEW_RELEASE, OK),
    ),
    "a wheel for any Linux": (
        built("spam-1.0-cp312-cp312-linux_x86_64.whl"),
        listed(),
        (State.BAD_NAME, REFUSED),
        (State.NEW_RELEASE, OK),
    ),
    "a wheel for an old Raspberry Pi": (
        built("spam-1.0-cp312-cp312-linux_armv7l.whl"),
        listed(),
        (State.NEW_RELEASE, OK),
        (State.NEW_RELEASE, OK),
    ),
    "a local version": (
        built("spam-1.0+fix.tar.gz"),
        listed(),
        (State.BAD_NAME, REFUSED),
        (State.NEW_RELEASE, OK),
    ),
    "a file that is broken": (
        built(WHEEL, fault="it is empty"),
        listed(listed_file(WHEEL)),
        (State.BAD_FILE, REFUSED),
        (State.BAD_FILE, REFUSED),
    ),
    "metadata that goes its own way": (
        built(WHEEL, odd_metadata="unrecognized field: 'x'"),
        listed(),
        (State.BAD_FILE, REFUSED),
        (State.NEW_RELEASE, OK),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_state(name: str) -> None:
    file, has, on_pypi, elsewhere = CASES[name]
    found = state(file, has)
    assert (found.state, found.verdict) == on_pypi, found.why
    other = state(file, has, None)
    assert (other.state, other.verdict) == elsewhere, other.why
    assert "PyPI takes" not in other.why or other.verdict is MAYBE


def test_every_state_has_a_case() -> None:
    assert {case[2][0] for case in CASES.values()} == set(State)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(days=3, hours=5), "the release is at least 3 days 5 h old, closes in 10 days 19 h"),
        (timedelta(0), "the release is at least 0 h old, closes in 14 days"),
        (-HOUR, "the release is at least 0 h old, closes in 14 days 1 h"),
        (
            timedelta(days=13, hours=20),
            "the release is at least 13 days 20 h old, closes in 4 h or before: when it was created is not public",
        ),
        (timedelta(days=14, hours=2), "the release is at least 14 days 2 h old, and PyPI takes files for 14 days"),
        (timedelta(days=1_025, hours=7), "the release is at least 1,025 days old, and PyPI takes files for 14 days"),
    ],
)
def test_how_old_a_release_is_and_when_it_closes(age: timedelta, expected: str) -> None:
    found = state(built(WHEEL), listed(listed_file(SDIST, age)))
    assert found.why == expected
    assert found.age == max(age, timedelta(0))
    assert found.closes_at == AT - age + DAYS_14


def test_two_sdists_of_one_release_are_one_too_many() -> None:
    files = [built("spam-1.0.tar.gz"), built("spam-1.0.zip")]
    assert [each.state for each in states_of(files, {SPAM: listed()}, PYPI, AT)] == [
        State.NEW_RELEASE,
        State.SECOND_SDIST,
    ]
    later = [built("spam-1.0.tar.gz"), built("spam-1.1.tar.gz")]
    assert {each.state for each in states_of(later, {SPAM: listed()}, PYPI, AT)} == {State.NEW_RELEASE}


def test_before_the_rule_a_release_took_files_for_ever() -> None:
    found = state(built(WHEEL), listed(listed_file(SDIST, timedelta(days=300))), UploadRule(None))
    assert (found.state, found.verdict, found.closes_at) == (State.JOINS, OK, None)


def test_the_release_is_named_as_the_index_spells_it() -> None:
    has = listed(listed_file("spam-1.0.0.tar.gz"), listed_file(SDIST), listed_file("spam-1.0.00.tar.gz"))
    assert state(built(WHEEL), has).release == "1.0"
    assert state(built("spam-1-py3-none-any.whl"), has).release == "1.0.0"
    assert state(built("spam-1.1-py3-none-any.whl"), has).release is None


@given(
    ages=st.lists(st.timedeltas(timedelta(0), timedelta(days=40)), min_size=1, max_size=4),
    shift=st.timedeltas(timedelta(0), timedelta(days=20)),
)
def test_what_is_late_stays_late(ages: Sequence[timedelta], shift: timedelta) -> None:
    files = [listed_file(f"spam-1.0-{number}-py3-none-any.whl", age) for number, age in enumerate(ages, 1)]
    now: Any = state(built(WHEEL), listed(*files))
    assert (now.state is State.LATE) == (max(ages) > DAYS_14)
    [later] = states_of([built(WHEEL)], {SPAM: listed(*files)}, PYPI, AT + shift)
    order = [OK, MAYBE, REFUSED]
    assert order.index(later.verdict) >= order.index(now.verdict)


def test_a_digest_decides_and_nothing_else() -> None:
    has = listed(listed_file(WHEEL, size_bytes=None))
    assert state(built(WHEEL, size_bytes=11), has).state is State.IDENTICAL
    assert "bytes" not in state(built(WHEEL, "new", size_bytes=11), has).why
    has = listed(listed_file(WHEEL))
    assert state(built(WHEEL, "new", size_bytes=11), has).why.endswith("(10 bytes there, 11 here)")
    assert built(WHEEL).sha256 == digest(WHEEL)
    assert built(WHEEL).version == Version("1.0")
