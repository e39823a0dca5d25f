"""Checks of an index, on made evidence, without a server."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from packaging.utils import NormalizedName

from audit.crawl.choice import Choice
from audit.crawl.decode import decode_simple
from audit.crawl.index import IndexAddress
from audit.doctor import row_of
from audit.doctor.conformance import CHECKS, Evidence, Look, Sample
from audit.doctor.conformance.documents import differences
from audit.doctor.conformance.times import precision_of
from audit.model import Api, Fetched
from tests.pages import file
from tests.recorded import index_page

NOW = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
SPAM = NormalizedName("spam")
ANSWER = Fetched(200, b"x" * 2000)


def evidence(files: Sequence[dict[str, Any]], versions: list[str] | None = None, answer: Fetched = ANSWER) -> Evidence:
    body: dict[str, Any] = {"meta": {"api-version": "1.1"}, "name": "spam", "files": files}
    body |= {} if versions is None else {"versions": versions}
    look = Look("http://x/simple/spam/", answer, decode_simple(SPAM, json.dumps(body).encode()), version="1.1")
    root: Look[Any] = Look("http://x/simple/")
    address = IndexAddress("http://x/simple/", "http://x/pypi/")
    return Evidence(address, NOW, root, (Sample(SPAM, look, Look("")),), Choice(Api.SIMPLE, ""))


def judged(about: str, seen: Evidence) -> dict[str, str] | None:
    [check] = [check for check in CHECKS if check.about == about]
    case = check.case(seen)
    return None if case is None else row_of(case)


def result_of(about: str, seen: Evidence) -> tuple[str, str]:
    found = judged(about, seen)
    assert found is not None
    return found["verdict"], found["finding"]


@pytest.mark.parametrize(
    ("microseconds", "precision"),
    [([0, 0], "seconds"), ([0, 1000], "milliseconds"), ([123_000], "milliseconds"), ([0, 1], "microseconds")],
)
def test_precision(microseconds: list[int], precision: str) -> None:
    assert precision_of([NOW.replace(microsecond=each) for each in microseconds]) == precision


def timed(*times: datetime) -> Evidence:
    stamps = [time.isoformat().replace("+00:00", "Z") for time in times]
    return evidence([file(f"spam-1.{n}.tar.gz", stamp) for n, stamp in enumerate(stamps)])


@pytest.mark.parametrize(
    ("times", "verdict", "words"),
    [
        ([NOW - timedelta(days=9), NOW - timedelta(days=8)], "ok", "0 of 2 files have a time of today"),
        ([NOW - timedelta(days=9), NOW], "ok", "1 of 2 files have a time of today"),
        ([NOW - timedelta(days=9)] * 2, "warn", "have the same time"),
        ([NOW - timedelta(days=9)], "ok", "0 of 1"),
        ([NOW, NOW - timedelta(minutes=1)], "warn", "mtime"),
        ([NOW + timedelta(days=1), NOW - timedelta(days=9)], "warn", "1 of 2 times are in the future"),
    ],
)
def test_times_that_are_no_uploads(times: list[datetime], verdict: str, words: str) -> None:
    found = result_of("plausible times", timed(*times))
    assert found[0] == verdict
    assert words in found[1]


def test_nothing_is_said_of_what_is_not_there() -> None:
    nothing = evidence([])
    for about in ("upload times", "precision", "plausible times", "sizes", "hashes", "root serials", "versions"):
        assert judged(about, nothing) is None


def test_versions_that_are_not_given_and_not_complete() -> None:
    files = [file("spam-1.0.tar.gz"), file("spam-2.0.tar.gz")]
    assert result_of("versions", evidence(files)) == ("warn", "no page has `versions`")
    assert result_of("versions", evidence(files, ["1.0"]))[1].startswith("1 of 2 files")
    assert result_of("versions", evidence(files, ["1.0", "2.0", "3.0"]))[0] == "ok"


@pytest.mark.parametrize(
    ("about", "changes"),
    [("sizes", {"size": None}), ("hashes", {"hashes": {}}), ("upload times", {"upload-time": None})],
)
def test_a_share_is_of_all_files(about: str, changes: dict[str, Any]) -> None:
    files = [file("spam-1.0.tar.gz"), file("spam-1.0.zip") | changes]
    assert result_of(about, evidence(files))[0] == "warn"
    assert result_of(about, evidence(files))[1].startswith("1 of 2 files have")
    assert result_of(about, evidence(files[:1]))[0] == "ok"
    found = judged(about, evidence(files[1:]))
    assert found is not None
    assert found["verdict"] == ("fail" if about == "upload times" else "warn")
    assert found["effect"]


def test_what_does_not_fit_is_counted() -> None:
    odd = [file("spam-1.0.tar.gz"), file("spam-1.0.zip", size="ten"), file("spam-1.0-py3-none-any.whl")]
    assert result_of("odd files", evidence(odd))[1].startswith("0 files and 1 fields do not fit, such as")


def test_compression() -> None:
    small = Fetched(200, b"x")
    coded = Fetched(200, b"x", is_gzip=True)
    assert judged("compression", evidence([], answer=small)) is None
    assert result_of("compression", evidence([], answer=coded))[0] == "ok"
    assert result_of("compression", evidence([]))[0] == "warn"


def test_a_page_differs_in_nothing_from_itself() -> None:
    numpy = decode_simple(NormalizedName("numpy"), index_page("numpy"))
    assert differences(numpy, numpy) == []


def test_what_one_api_does_not_give_is_no_difference() -> None:
    one = decode_simple(SPAM, b'{"files": [{"filename": "spam-1.0.zip", "hashes": {}, "size": 1}]}')
    other = decode_simple(SPAM, b'{"files": [{"filename": "spam-1.0.zip", "hashes": {}}]}')
    assert differences(one, other) == []


def test_checks_are_named_once() -> None:
    names = [check.about for check in CHECKS]
    assert len(names) == len(set(names))
