"""Asking for one project: which answers are accepted, and what is recorded of them."""

from collections.abc import Iterator

import anyio
import httpx
import pytest
import respx
from packaging.utils import NormalizedName

from audit.crawl import asking
from audit.crawl.asking import ask_for
from audit.crawl.fetch import Fetcher, Manners
from audit.crawl.index import resolve_address
from audit.model import Api, Ask, Outcome, Page, Result
from tests.transport import HandledTransport

ADDRESS = resolve_address("http://127.0.0.1:9/simple/", None)
PAGE = "http://127.0.0.1:9/pypi/spam/json"
SPAM = NormalizedName("spam")
SERIAL = "X-PyPI-Last-Serial"


@pytest.fixture
def index() -> Iterator[respx.MockRouter]:
    with respx.MockRouter(assert_all_called=False) as router:
        yield router


def asked(index: respx.MockRouter, ask: Ask) -> Page | Result:
    async def run() -> Page | Result:
        fetcher = Fetcher(HandledTransport(index.async_handler), Manners(attempts=1))
        return await ask_for(fetcher, ADDRESS, Api.JSON, ask)

    return anyio.run(run)


def answers(index: respx.MockRouter, *some: httpx.Response) -> respx.Route:
    return index.get(PAGE).mock(side_effect=list(some))


def test_a_promised_serial_is_waited_for_three_times(index: respx.MockRouter) -> None:
    route = answers(index, *(httpx.Response(200, headers={SERIAL: serial}, content=b"{}") for serial in "567"))
    got = asked(index, Ask(SPAM, promised_serial=7))
    assert isinstance(got, Page)
    assert (got.answer.serial, got.answer.attempts, route.call_count) == (7, 3, 3)


def test_an_older_answer_is_stale_after_three_tries(index: respx.MockRouter) -> None:
    route = answers(index, *(httpx.Response(200, headers={SERIAL: "6"}, content=b"{}") for _ in range(4)))
    got = asked(index, Ask(SPAM, promised_serial=7))
    assert isinstance(got, Result)
    assert (got.outcome, got.serial, got.attempts, route.call_count) == (Outcome.STALE, 6, 3, 3)
    assert got.detail == "the index promised serial 7, 3 answers had at most 6"


def test_the_promise_is_held_against_the_document_where_no_header_tells(index: respx.MockRouter) -> None:
    answers(index, *(httpx.Response(200, content=b'{"last_serial": 6}') for _ in range(3)))
    got = asked(index, Ask(SPAM, promised_serial=7))
    assert isinstance(got, Result)
    assert (got.outcome, got.serial) == (Outcome.STALE, 6)


def test_a_condition_is_sent_and_its_answer_taken(index: respx.MockRouter) -> None:
    route = answers(index, httpx.Response(304, headers={"ETag": '"x"'}))
    got = asked(index, Ask(SPAM, etag='"x"'))
    assert isinstance(got, Page)
    assert (got.answer.is_unchanged, got.answer.etag) == (True, '"x"')
    assert route.calls.last.request.headers["If-None-Match"] == '"x"'


def test_a_not_modified_with_another_serial_is_not_believed(index: respx.MockRouter) -> None:
    changed = httpx.Response(200, headers={SERIAL: "8"}, content=b"{}")
    route = answers(index, httpx.Response(304, headers={SERIAL: "8"}), changed)
    got = asked(index, Ask(SPAM, etag='"x"', known_serial=7))
    assert isinstance(got, Page)
    assert (got.answer.is_unchanged, got.answer.serial, got.answer.attempts) == (False, 8, 2)
    assert "If-None-Match" not in route.calls.last.request.headers


@pytest.mark.parametrize(("status", "reason"), [(304, "unasked-304"), (403, "http-403"), (500, "http-500")])
def test_no_usable_answer_is_a_failure(index: respx.MockRouter, status: int, reason: str) -> None:
    answers(index, httpx.Response(status))
    got = asked(index, Ask(SPAM))
    assert isinstance(got, Result)
    assert (got.outcome, got.reason, got.attempts) == (Outcome.FAILED, reason, 1)


def test_a_name_that_is_no_name_is_not_asked_for(index: respx.MockRouter) -> None:
    got = asked(index, Ask(NormalizedName("../spam")))
    assert isinstance(got, Result)
    assert (got.reason, got.attempts, index.calls.call_count) == ("bad-name", 0, 0)


@pytest.mark.parametrize("status", [200, 403])
def test_the_time_it_took_is_noted_whatever_came(
    index: respx.MockRouter, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    answers(index, httpx.Response(status, content=b"{}"))
    times = iter([10.0, 10.25])
    monkeypatch.setattr(asking, "now", lambda: next(times))
    assert asked(index, Ask(SPAM)).duration_ms == 250
