"""Asking for one project: a page that is fresh enough, or the reason why there is none."""

from dataclasses import replace
from time import monotonic as now

from packaging.utils import is_normalized_name

from audit.crawl.decode import serial_of
from audit.crawl.decode.answered import read_answer
from audit.crawl.fetch import Fetcher
from audit.crawl.index import IndexAddress
from audit.crawl.index.address import ACCEPT
from audit.errors import DecodeError, FetchError
from audit.model import LONGEST_NAME, Api, Ask, Fetched, Outcome, Page, Result

STALE_TRIES = 3


async def ask_for(fetcher: Fetcher, address: IndexAddress, api: Api, ask: Ask) -> Page | Result:
    """The project's page, at least as new as its promised serial; else its failed or stale result.

    A name that no project can have (an index's root may list anything) is never made part of an address.
    """
    began = now()
    item = await _asked(fetcher, address, api, ask)
    return replace(item, duration_ms=round((now() - began) * 1000))


async def _asked(fetcher: Fetcher, address: IndexAddress, api: Api, ask: Ask) -> Page | Result:
    if not is_normalized_name(ask.project) or len(ask.project) > LONGEST_NAME:
        return _failed(
            ask, "bad-name", "no project can have this name (PEP 508), or it is too long: it was not asked for", 0
        )
    attempts, serial, allowance = 0, None, fetcher.allowance()
    for _ in range(STALE_TRIES):
        try:
            answer = await fetcher.get(
                address.page(api, ask.project), accept=ACCEPT[api], etag=ask.etag, allowance=allowance
            )
        except FetchError as fault:
            return _failed(ask, fault.reason, fault.detail, attempts + fault.attempts)
        attempts += answer.attempts
        if _is_lie(answer, ask):
            ask = replace(ask, etag=None)
            continue
        serial = _serial(answer, ask)
        if serial is None or ask.promised_serial is None or serial >= ask.promised_serial:
            if answer.is_unchanged and ask.etag is None:
                return _failed(ask, "unasked-304", "304 to a request with no condition", attempts)
            return Page(ask, replace(answer, serial=serial, attempts=attempts))
    detail = f"the index promised serial {ask.promised_serial}, {STALE_TRIES} answers had at most {serial}"
    return Result(ask.project, Outcome.STALE, "stale", detail, serial=serial, attempts=attempts)


def _is_lie(answer: Fetched, ask: Ask) -> bool:
    """Whether a "not modified" carries a serial that shows a change; then the request is repeated without condition."""
    is_asked = answer.is_unchanged and ask.etag is not None
    return is_asked and None not in {answer.serial, ask.known_serial} and answer.serial != ask.known_serial


def _serial(answer: Fetched, ask: Ask) -> int | None:
    """The answer's serial; the body is read for it only where a promised serial must be met and no header has one."""
    if answer.serial is not None or ask.promised_serial is None or answer.status != 200:
        return answer.serial
    try:
        return read_answer(answer, serial_of)
    except DecodeError:  # the decoder reports what is wrong with it
        return None


def _failed(ask: Ask, reason: str, detail: str, attempts: int) -> Result:
    return Result(ask.project, Outcome.FAILED, reason=reason, detail=detail, attempts=attempts)
