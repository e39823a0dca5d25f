"""An index: whether it answers, as what, and whether it tells what an audit needs."""

from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Final, TypeVar

import anyio
from packaging.utils import NormalizedName

from audit.decode import Decoded, decode_json, decode_root, decode_simple
from audit.decode.content import inflate
from audit.doctor.finding import Finding, fail, ok, warn
from audit.errors import DecodeError, FetchError, UsageError
from audit.fetch import Answer, Fetcher, Manners, open_fetcher
from audit.fetch.faults import advice_of
from audit.index import IndexAddress
from audit.index.address import ACCEPT
from audit.model import Api

ROOT: Final = "index root"
PAGE: Final = "Index API"
DOCUMENT: Final = "JSON API"
# One request each, at once: a doctor does not come back in half an hour.
MANNERS: Final = Manners(workers=1, attempts=1)
# What concerns the host, and so every other request too.
_HOPELESS: Final = frozenset({"connect", "timeout", "tls", "http-407"})

T = TypeVar("T")


def check_index(address: IndexAddress, project: NormalizedName | None = None) -> list[Finding]:
    """Asks for the index's root, then for one project's page through each API (None: the first that is listed).

    Three requests, with the address's credentials if there are any.
    """
    return anyio.run(partial(_examined, address, project))


async def _examined(address: IndexAddress, project: NormalizedName | None) -> list[Finding]:
    try:
        async with open_fetcher(MANNERS, address.logins) as fetcher:
            look = _Look(fetcher, address)
            return [finding async for finding in look.findings(project)]
    except UsageError as error:  # pip's configuration, or the environment's proxy
        return [fail("network", str(error))]


class _Look:
    """One look at one index."""

    def __init__(self, fetcher: Fetcher, address: IndexAddress) -> None:
        self._fetcher = fetcher
        self._address = address
        self._listed: NormalizedName | None = None

    async def findings(self, project: NormalizedName | None) -> AsyncIterator[Finding]:
        try:
            async for finding in self._root():
                yield finding
            name = project or self._listed
            if name is None:
                yield warn(PAGE, "no project to ask for: name one with --project")
                return
            async for finding in self._page(name):
                yield finding
            async for finding in self._document(name):
                yield finding
        except FetchError as fault:  # hopeless: what was not asked would fail alike
            yield _unreachable(self._address.simple, fault)

    async def _root(self) -> AsyncIterator[Finding]:
        """The list of projects; remembers the first of them."""
        found = await self._asked(ROOT, self._address.simple, Api.SIMPLE, decode_root)
        if isinstance(found, Finding):
            yield found
            return
        serials, misnamed = found[0].serials, found[0].misnamed
        self._listed = next(iter(serials), None)
        yield ok(ROOT, f"{self._address.simple} lists {len(serials):,} projects")
        if misnamed:
            named = ascii(misnamed[0][:80])
            yield warn(
                ROOT, f"{len(misnamed):,} names in it no project can have, such as {named}: no crawl asks for them"
            )
        if all(serial is None for serial in serials.values()):
            yield warn(ROOT, "it tells no serials: a second crawl must ask for every project, changed or not")

    async def _page(self, project: NormalizedName) -> AsyncIterator[Finding]:
        url = self._address.page(Api.SIMPLE, project)
        found = await self._asked(PAGE, url, Api.SIMPLE, partial(decode_simple, project))
        if isinstance(found, Finding):
            yield found
            return
        decoded, answer = found
        yield ok(PAGE, f"{project}: {decoded.file_count:,} files, {len(decoded.versions):,} releases")
        for finding in (_times(PAGE, decoded), _tags(PAGE, answer)):
            if finding is not None:
                yield finding

    async def _document(self, project: NormalizedName) -> AsyncIterator[Finding]:
        url = self._address.page(Api.JSON, project)
        found = await self._asked(DOCUMENT, url, Api.JSON, partial(decode_json, project))
        if isinstance(found, Finding):
            yield found
            return
        decoded, _ = found
        yield ok(DOCUMENT, f"{project}: {decoded.file_count:,} files, {len(decoded.versions):,} releases")
        if (untimed := _times(DOCUMENT, decoded)) is not None:
            yield untimed

    async def _asked(self, about: str, url: str, api: Api, decode: Callable[[bytes], T]) -> tuple[T, Answer] | Finding:
        """What an address tells, and its answer; else the finding that says why there is nothing to read."""
        try:
            answer = await self._fetcher.get(url, accept=ACCEPT[api])
        except FetchError as fault:
            if fault.reason in _HOPELESS:
                raise
            return _unreachable(url, fault, about)
        if answer.status != 200:
            return _missing(about, url, api)
        kind = (answer.content_type or "none").partition(";")[0].strip().lower()
        if not kind.endswith("json"):
            return fail(about, f"{url} answers {kind[:60]!r}, asked for {ACCEPT[api]}: it is no {api.value} API")
        try:
            return decode(inflate(answer.body, is_gzip=answer.is_gzip)), answer
        except DecodeError as error:
            return fail(about, f"{url} does not read: {error}")


def _unreachable(url: str, fault: FetchError, about: str = ROOT) -> Finding:
    return fail(about, f"{url} cannot be had ({fault}): {advice_of(fault.reason, 'check the address')}")


def _missing(about: str, url: str, api: Api) -> Finding:
    if api is Api.JSON:  # many an index has none, and needs none
        return warn(about, f"{url} is not there: crawl with --api simple")
    return fail(about, f"{url} is not there: check the address, or name another --project")


def _times(about: str, decoded: Decoded) -> Finding | None:
    """A finding where upload times are missing, of all files or of some."""
    times = decoded.files["uploaded_at"]
    untimed = sum(time is None for time in times)
    if not untimed:
        return None
    if untimed == len(times):
        return fail(about, "it tells no upload time (PEP 700): there is no lag to count")
    return warn(about, f"{untimed:,} of {len(times):,} files have no upload time: no lag is known of them")


def _tags(about: str, answer: Answer) -> Finding | None:
    if answer.etag is not None or answer.serial is not None:
        return None
    return warn(about, "it tells neither entity tag nor serial: each crawl must read every page in full")
