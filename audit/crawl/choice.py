"""Which of an index's two APIs to ask: the JSON API where the index has it with releases, else the Index API.

A 404 from the JSON API does not prove that there is none: the project may be unknown, quarantined, or without a
release. So a project decides only if the Index API lists files of it; if not, the next one is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from packaging.utils import NormalizedName, is_normalized_name

from audit.crawl.decode import Decoded, lists_releases
from audit.crawl.decode.answered import read_answer, read_project
from audit.crawl.decode.content import HTML
from audit.crawl.fetch import Fetcher
from audit.crawl.fetch.faults import PassingFault, advice_of
from audit.crawl.index import IndexAddress
from audit.crawl.index.address import ACCEPT
from audit.errors import CrawlError, DecodeError, FetchError
from audit.model import Api, Fetched

# At most this many projects are asked: a few of any list may be gone, but hardly all.
MOST_ASKED: Final = 10
# So many projects with a fault are no accident of theirs. Each can cost a project's whole time limit.
MOST_FAULTS: Final = 3
# The reason code when an index refuses to answer in JSON (RFC 9110, 15.5.7).
NOT_ACCEPTABLE: Final = "http-406"
API_NAMES: Final = {Api.JSON: "JSON API", Api.SIMPLE: "Index API"}


@dataclass(frozen=True, slots=True)
class Choice:
    """The API to ask and why; ``is_sure`` is false where no project could decide it: such a choice is not kept."""

    api: Api
    why: str
    is_sure: bool = True


class DocumentKind(Enum):
    """The kinds of answer of the JSON API, by what they show about that API."""

    WHOLE = "its documents list the releases"
    WITHOUT_RELEASES = "its JSON documents have no `releases`"
    OTHER = "the answer at the JSON API's address is not such a document"
    NONE = "the index has no JSON API"


@dataclass(frozen=True, slots=True)
class Asker:
    """How to ask an index."""

    fetcher: Fetcher
    address: IndexAddress

    async def answer(self, api: Api, project: NormalizedName) -> Fetched:
        """Returns the index's answer for a project, within the project's time limit; raises FetchError."""
        url, allowance = self.address.page(api, project), self.fetcher.allowance()
        return await self.fetcher.get(url, accept=ACCEPT[api], allowance=allowance)

    async def project(self, api: Api, project: NormalizedName) -> Decoded | None:
        """What the index says of a project; None where it says that there is none.

        Raises:
            FetchError: no usable answer.
            DecodeError: a page that cannot be read; ``html`` where it is HTML.
        """
        answer = await self.answer(api, project)
        return read_project(answer, api, project) if answer.status == 200 else None


async def choose_api(asker: Asker, projects: Sequence[NormalizedName]) -> Choice:
    """Chooses the API that suits the index by asking for some of ``projects``: at most two requests for each.

    A project whose pages have a fault, or are HTML, leaves the choice to the next one.

    Raises:
        CrawlError: no project decides, and the index answers with HTML only, or with faults that show nothing about
            its APIs: the first of them.
    """
    faults: list[CrawlError] = []
    for project in spread(projects, MOST_ASKED):
        if not is_normalized_name(project):
            continue
        try:
            choice = await _choice_by(asker, project)
        except CrawlError as fault:
            faults.append(fault)
            if len(faults) == MOST_FAULTS:
                break
            continue
        if choice is not None:
            return choice
    if faults:
        raise faults[0]
    return Choice(Api.SIMPLE, "no project shows whether there is another API", is_sure=False)


async def _choice_by(asker: Asker, project: NormalizedName) -> Choice | None:
    """The choice that one project allows; None: it decides nothing. Raises CrawlError for a fault or HTML."""
    try:
        document = await document_of(asker, project)
    except FetchError as fault:
        raise _unknown_api(asker.address, Api.JSON, fault) from fault
    if document is DocumentKind.WHOLE:
        return Choice(Api.JSON, document.value)
    if document is DocumentKind.WITHOUT_RELEASES:
        return Choice(Api.SIMPLE, document.value)
    try:
        page = await asker.project(Api.SIMPLE, project)
    except DecodeError as error:
        if error.reason == HTML:
            raise CrawlError(html_only(asker.address)) from error
        return None
    except FetchError as fault:
        if fault.reason == NOT_ACCEPTABLE:
            raise CrawlError(html_only(asker.address, is_refusal=True)) from fault
        raise _unknown_api(asker.address, Api.SIMPLE, fault) from fault
    is_listed = page is not None and page.file_count > 0 and page.index_status != "quarantined"
    return Choice(Api.SIMPLE, _why_not_json(asker.address, document)) if is_listed else None


def _unknown_api(address: IndexAddress, api: Api, fault: FetchError) -> CrawlError:
    advice = advice_of(fault.reason, "try again, or name one with --api json or --api simple")
    return CrawlError(f"{address.root(api)} ({address.option(api)}) does not show which API it has ({fault}): {advice}")


def _why_not_json(address: IndexAddress, document: DocumentKind) -> str:
    """Why the JSON API is not asked; if the user gave its address, the text names that address."""
    option = address.option(Api.JSON)
    if document is DocumentKind.WITHOUT_RELEASES or option == "--index-url":
        return document.value
    return f"no JSON API answers at {address.json} ({option})"


async def document_of(asker: Asker, project: NormalizedName) -> DocumentKind:
    """The kind of answer that the JSON API gives for a project; raises FetchError for a temporary fault."""
    try:
        answer = await asker.answer(Api.JSON, project)
    except PassingFault:
        raise
    except FetchError:  # some indexes answer any such address with a final refusal (403, 406, a redirect to elsewhere)
        return DocumentKind.NONE
    if answer.status != 200:
        return DocumentKind.NONE
    try:
        return DocumentKind.WHOLE if read_answer(answer, lists_releases) else DocumentKind.WITHOUT_RELEASES
    except DecodeError:
        return DocumentKind.OTHER


def html_only(address: IndexAddress, *, is_refusal: bool = False) -> str:
    """The message about an index that answers with HTML only, or refuses JSON."""
    reason = "it refuses JSON (406)" if is_refusal else "it answers with HTML (PEP 503), not with JSON (PEP 691)"
    return f"{address.simple} cannot be crawled: {reason}, and HTML has no upload times (or this is a login page)"


def spread(projects: Sequence[NormalizedName], count: int) -> list[NormalizedName]:
    """At most ``count`` of the projects, the first among them, the others from all over the list."""
    return list(projects[:: max(1, -(-len(projects) // count))])
