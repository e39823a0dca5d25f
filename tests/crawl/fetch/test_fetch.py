"""The fetcher without a socket: retries, waiting, redirects, limits, and what it sends to the index."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import aiohttp
import anyio
import httpx
import pytest
import stamina
from hypothesis import given
from hypothesis import strategies as st

import audit
from audit.crawl.fetch import Fetcher, Manners
from audit.crawl.fetch.credentials import Credentials
from audit.crawl.fetch.faults import PassingFault, fault_of_status, seconds_of
from audit.crawl.fetch.fetcher import MOST_REDIRECTS
from audit.crawl.fetch.pace import Pace
from audit.errors import FetchError, UsageError
from audit.model import Fetched
from audit.urls import Login
from tests.transport import HandledTransport

ADDRESS = "https://index.test/pypi/spam/json"
NOW = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
Handler = Callable[[httpx.Request], httpx.Response]


class Index:
    """Answers in turn; the last answer stays. It keeps the requests, and what the fetcher's pace slept."""

    def __init__(self, *answers: httpx.Response | Exception | Handler) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.slept: list[float] = []
        self.now = 0.0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = self.answers[min(len(self.requests), len(self.answers) - 1)]
        self.requests.append(request)
        if isinstance(answer, Exception):
            raise answer
        if not isinstance(answer, httpx.Response):
            return answer(request)
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(answer.content))

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def get(self, manners: Manners | None = None, url: str = ADDRESS, **options: Any) -> Fetched:
        """The result of a fetcher on this index."""
        manners = manners or Manners(attempts=4)

        async def run() -> Fetched:
            pace = Pace(clock=lambda: self.now, sleep=self.sleep)
            fetcher = Fetcher(HandledTransport(self), manners, pace=pace, now=lambda: NOW)
            return await fetcher.get(url, accept="application/json", **options)

        return anyio.run(run)

    def fault(self, manners: Manners | None = None, url: str = ADDRESS) -> FetchError:
        """How asking this index fails."""
        with pytest.raises(FetchError) as caught:
            self.get(manners, url)
        return caught.value


@pytest.fixture(autouse=True)
def no_backoff() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4):
        yield


def moved(location: str) -> httpx.Response:
    return httpx.Response(302, headers={"Location": location})


def found(**headers: str) -> httpx.Response:
    return httpx.Response(
        200, content=b"{}", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def test_an_answer_carries_what_the_index_said() -> None:
    answer = Index(found(etag='"x"', x_pypi_last_serial="7")).get()
    assert (answer.status, answer.body, answer.is_gzip, answer.etag, answer.serial) == (200, b"{}", False, '"x"', 7)
    assert answer.attempts == 1


@pytest.mark.parametrize("value", ["-1", "x", "", "1.0", "٣", "9" * 19])
def test_a_serial_that_does_not_fit_is_none(value: str) -> None:
    raw = [(b"x-pypi-last-serial", value.encode())]
    assert Index(httpx.Response(200, content=b"{}", headers=raw)).get().serial is None


@pytest.mark.parametrize(("coding", "is_gzip"), [("gzip", True), ("X-GZIP", True), ("identity", False), ("", False)])
def test_the_coding_is_named_and_the_body_left_as_it_is(coding: str, is_gzip: bool) -> None:
    answer = Index(
        lambda _: httpx.Response(200, stream=httpx.ByteStream(b"as it is"), headers={"content-encoding": coding})
    ).get()
    assert (answer.is_gzip, answer.body) == (is_gzip, b"as it is")


@pytest.mark.parametrize("status", [304, 404, 410])
def test_what_has_no_body_is_an_answer_too(status: int) -> None:
    answer = Index(httpx.Response(status, content=b"words")).get()
    assert (answer.status, answer.body) == (status, b"")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 599])
def test_what_may_pass_is_asked_for_again(status: int) -> None:
    index = Index(httpx.Response(status))
    fault = index.fault()
    assert (fault.reason, fault.attempts, len(index.requests)) == (f"http-{status}", 4, 4)
    assert Index(httpx.Response(status), found()).get().attempts == 2


@pytest.mark.parametrize("status", [204, 206, 300, 400, 401, 403, 407, 418, 451])
def test_what_will_not_pass_is_asked_for_once(status: int) -> None:
    index = Index(httpx.Response(status))
    fault = index.fault()
    assert (fault.reason, fault.attempts, len(index.requests)) == (f"http-{status}", 1, 1)


@pytest.mark.parametrize("attempts", [1, 3])
def test_the_manners_say_how_often(attempts: int) -> None:
    index = Index(aiohttp.ServerDisconnectedError("gone"))
    with stamina.set_testing(True, attempts=attempts):
        assert index.fault(Manners(attempts=attempts)).reason == "reset"
    assert len(index.requests) == attempts


def test_a_retry_after_holds_the_next_request_back() -> None:
    later = format_datetime(NOW + timedelta(seconds=90), usegmt=True)
    busy = [httpx.Response(429, headers={"Retry-After": value}) for value in ("30", later)]
    index = Index(*busy, found())
    assert index.get().attempts == 3
    assert index.slept == [30.0, 90.0]


def test_a_retry_after_as_long_as_the_longest_pause_is_obeyed() -> None:
    index = Index(httpx.Response(503, headers={"Retry-After": "900"}), found())
    assert (index.get().attempts, index.slept) == (2, [900.0])


def test_a_retry_after_that_is_too_long_is_final() -> None:
    index = Index(httpx.Response(503, headers={"Retry-After": "901"}))
    fault = index.fault()
    assert (fault.reason, fault.attempts, index.slept) == ("http-503", 1, [])
    assert "wait for 901 s" in fault.detail


RETRY_AFTER = [
    ("0", 0.0),
    (" 120 ", 120.0),
    ("9" * 30, 999_999_999.0),
    (format_datetime(NOW + timedelta(minutes=1), usegmt=True), 60.0),
    (format_datetime(NOW - timedelta(days=1), usegmt=True), 0.0),
    ("Mon, 23 Nov 2026 10:16:00 -0000", 60.0),
    ("Monday, 23-Nov-26 10:16:00 GMT", 60.0),
    ("soon", None),
    ("-5", None),
    ("1.5", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("value", "seconds"), RETRY_AFTER)
def test_both_forms_of_retry_after(value: str | None, seconds: float | None) -> None:
    assert seconds_of(value, NOW) == seconds


@given(st.one_of(st.text(), st.from_regex(r"Mon, \d+ Jan \d+ \d+:\d+:\d+ [+-]\d+", fullmatch=True)))
def test_no_retry_after_is_an_error(value: str) -> None:
    seconds = seconds_of(value, NOW)
    assert seconds is None or seconds >= 0


def test_a_status_that_may_pass_says_so() -> None:
    assert isinstance(fault_of_status(500, None, NOW), PassingFault)
    assert not isinstance(fault_of_status(403, "5", NOW), PassingFault)


REDIRECTS: Sequence[tuple[str, str]] = [
    ("/pypi/spam/json", ADDRESS),
    ("../spam-two/json", "https://index.test/pypi/spam-two/json"),
    ("https://INDEX.test/pypi/spam/json", ADDRESS),
    ("https://index.test:443/x", "https://index.test/x"),
    ("?a=1", ADDRESS + "?a=1"),
]


@pytest.mark.parametrize(("location", "target"), REDIRECTS)
def test_redirects_within_the_index_are_followed(location: str, target: str) -> None:
    index = Index(moved(location), found())
    assert index.get().attempts == 1, "a redirect is no new attempt"
    assert str(index.requests[-1].url) == target


def test_what_moved_to_https_is_reported_and_not_followed() -> None:
    fault = Index(moved(ADDRESS), found()).fault(url=ADDRESS.replace("https:", "http:"))
    assert fault.reason == "foreign-redirect"
    assert fault.detail.endswith("to https://index.test: name that address instead")


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://index.test/pypi/spam/json", "foreign-redirect"),
        ("https://index.test:8443/pypi/spam/json", "foreign-redirect"),
        ("https://other.test/pypi/spam/json", "foreign-redirect"),
        ("https://index.test.other.test/", "foreign-redirect"),
        ("//other.test/", "foreign-redirect"),
        ("https://user:password@index.test/", "foreign-redirect"),
        ("ftp://index.test/", "foreign-redirect"),
        ("https://index.test:port/", "bad-redirect"),
        ("https://index.test:password@index.test/", "foreign-redirect"),
        ("https://user:pass/password@index.test/", "bad-redirect"),
        ("https://index.test\\@other.test/", "bad-redirect"),
        ("https://xn--/", "foreign-redirect"),
        ("https://[::1/", "bad-redirect"),
    ],
)
def test_redirects_that_leave_the_index_are_not_followed(location: str, reason: str) -> None:
    index = Index(moved(location), found())
    fault = index.fault()
    assert (fault.reason, fault.attempts, len(index.requests)) == (reason, 1, 1)
    assert "password" not in str(fault)


def test_redirects_have_an_end() -> None:
    index = Index(moved(ADDRESS))
    assert index.fault().reason == "redirect-loop"
    assert len(index.requests) == MOST_REDIRECTS + 1


def test_a_body_is_read_no_further_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.crawl.fetch.fetcher.LARGEST_DOCUMENT_BYTES", 250)
    given_pieces = []

    async def pieces() -> Any:
        for number in range(100):
            given_pieces.append(number)
            yield b"x" * 100

    fault = Index(lambda _: httpx.Response(200, content=pieces())).fault()
    assert (fault.reason, given_pieces) == ("too-large", [0, 1, 2])
    assert Index(httpx.Response(200, content=b"x" * 250)).get().body == b"x" * 250


def test_the_request_says_what_it_wants_and_who_it_is() -> None:
    index = Index(found())
    index.get(Manners(contact="me@example.org"), etag='"x"')
    headers = index.requests[0].headers
    assert headers["User-Agent"].startswith(f"release-audit/{audit.__version__} (Python ")
    assert headers["User-Agent"].endswith("; me@example.org)")
    assert (headers["Accept"], headers["If-None-Match"]) == ("application/json", '"x"')


@pytest.mark.parametrize("contact", ["a\r\nX: y", "a\nb", "a\x00", "\x1b[31m", "a\x7f", "\u202e", "\udc80", "x" * 201])
def test_a_contact_that_is_no_part_of_a_header_is_refused(contact: str) -> None:
    with pytest.raises(UsageError, match=r"the contact .* does not fit: at most 200 characters") as caught:
        Manners(contact=contact)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("etag", ['"x"\r\nX: y', '"\x00"', '"ä"', ""])
def test_an_entity_tag_that_a_dataset_holds_may_be_anything(etag: str) -> None:
    index = Index(found())
    index.get(etag=etag)
    assert "If-None-Match" not in index.requests[0].headers


def test_without_a_contact_there_is_none() -> None:
    assert ";" not in Manners().user_agent


def test_a_request_asks_for_gzip_and_signs_where_there_is_a_password() -> None:
    index = Index(found())
    index.get()
    assert index.requests[0].headers["Accept-Encoding"] == "gzip"
    assert "Authorization" not in index.requests[0].headers
    signed = Index(moved("/pypi/spam-two/json"), found())
    credentials = Credentials([Login("https://index.test/simple/", "me", "x")], {}, lambda _service, _name: None)

    async def run() -> None:
        await Fetcher(HandledTransport(signed), Manners(), credentials).get(ADDRESS, accept="a/b")

    anyio.run(run)
    assert [request.headers["Authorization"] for request in signed.requests] == ["Basic bWU6eA=="] * 2


@pytest.mark.parametrize(("etag", "kept"), [(b'"x"', '"x"'), (b"", None), ('"ä"'.encode("latin-1"), None)])
def test_an_entity_tag_that_could_not_be_sent_back_is_not_kept(etag: bytes, kept: str | None) -> None:
    assert Index(httpx.Response(200, content=b"{}", headers=[(b"etag", etag)])).get().etag == kept
