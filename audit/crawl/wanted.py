"""Which projects a crawl asks for, and the serials that the index's root has for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from packaging.utils import NormalizedName

from audit.crawl.choice import NOT_ACCEPTABLE, Asker
from audit.crawl.decode import Root, decode_root
from audit.crawl.decode.answered import read_answer
from audit.crawl.decode.content import HTML
from audit.crawl.fetch.faults import advice_of
from audit.crawl.index.address import ACCEPT
from audit.crawl.plan import failed_before, whole_index
from audit.crawl.request import CrawlRequest
from audit.dataset.known import Known
from audit.errors import CrawlError, DecodeError, FetchError
from audit.model import Api

# From this many projects on, one request for the index's root costs less than asking each whether it changed.
ROOT_WORTH_PROJECTS = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """The projects; ``root`` is what the index's root lists (None: it was not asked, or is not available)."""

    projects: list[NormalizedName]
    root: Root | None = None


async def find_wanted(request: CrawlRequest, asker: Asker, known: Mapping[NormalizedName, Known]) -> Wanted:
    """Returns the projects that the request means.

    Raises:
        CrawlError: the index's root is needed, and not available.
    """
    named: Iterable[NormalizedName] | None = failed_before(known) if request.only_failed else request.projects
    if named is None:
        root = await _root(asker)
        return Wanted(whole_index(root.serials, known), root)
    projects = list(dict.fromkeys(named))
    if len(projects) < ROOT_WORTH_PROJECTS:
        return Wanted(projects)
    try:
        return Wanted(projects, await _root(asker))
    except CrawlError:  # an index may have no root with serials: each project is asked instead
        return Wanted(projects)


async def _root(asker: Asker) -> Root:
    url = asker.address.simple
    try:
        answer = await asker.fetcher.get(url, accept=ACCEPT[Api.SIMPLE])
    except FetchError as error:
        if error.reason == NOT_ACCEPTABLE:
            raise CrawlError(_html(url, f"refuses JSON ({error})")) from error
        raise CrawlError(_not_had(url, error)) from error
    if answer.status != 200:
        raise CrawlError(f"the index's root {url} answered {answer.status}: check --index-url")
    try:
        return read_answer(answer, decode_root)
    except DecodeError as error:
        if error.reason == HTML:
            raise CrawlError(_html(url, "answers with HTML (PEP 503), not with JSON (PEP 691)")) from error
        raise CrawlError(_not_had(url, error)) from error


def _not_had(url: str, error: FetchError | DecodeError) -> str:
    return f"the index's root {url} cannot be fetched ({error}): {advice_of(error.reason, 'check --index-url')}"


def _html(url: str, reason: str) -> str:
    return (
        f"the index's root {url} {reason}: HTML has no upload times. If the index has pages in JSON, "
        "name projects with --project or --projects (or this is a login page)"
    )
