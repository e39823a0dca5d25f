"""Checks whether a crawl's answers can be believed, before they become part of a history that only grows."""

from collections.abc import Collection, Mapping

import pyarrow as pa
import pyarrow.compute as pc
from packaging.utils import NormalizedName

from audit.crawl.choice import NOT_ACCEPTABLE, Asker, Choice, choose_api, html_only
from audit.crawl.decode.content import HTML
from audit.crawl.vanishing import check_listed, check_share, seen_in
from audit.dataset.known import Known
from audit.dataset.staging import Staging
from audit.errors import CrawlError
from audit.model import Api, Outcome

_USABLE = pa.array([Outcome.FOUND, Outcome.QUARANTINED, Outcome.UNCHANGED], pa.string())


async def better_choice(
    asker: Asker, api: Api, staging: Staging, known: Mapping[NormalizedName, Known]
) -> Choice | None:
    """Returns the API to ask instead, if no document of this one was usable and others show that the API is the cause.

    Raises:
        CrawlError: the index answers with HTML only.
    """
    results = staging.read("results").read_all()
    asked = results.filter(pc.greater(results["attempts"], 0))
    if pc.any(pc.is_in(asked["outcome"], value_set=_USABLE)).as_py():
        return None
    reasons = set(asked["reason"].drop_null().to_pylist())
    if reasons and reasons <= {HTML, NOT_ACCEPTABLE}:
        raise CrawlError(html_only(asker.address, is_refusal=HTML not in reasons))
    unread = asked.filter(pc.and_(pc.equal(asked["outcome"], Outcome.FAILED), pc.greater(asked["body_bytes"], 0)))
    if api is not Api.JSON or not unread.num_rows:
        return None
    others = [project for project, before in known.items() if before.file_count]
    choice = await choose_api(asker, others or unread["project"].to_pylist())
    return choice if choice.is_sure and choice.api is not api else None


async def check_believable(
    asker: Asker,
    api: Api,
    staging: Staging,
    known: Mapping[NormalizedName, Known],
    listed: Collection[NormalizedName],
    *,
    may_vanish: bool,
) -> None:
    """Checks that the index lists some of what was asked for, and most of what was known.

    ``listed`` are the projects in the index's root, none if that was not asked. ``may_vanish``: everything that was
    known may be gone.

    Raises:
        CrawlError: it does not.
    """
    seen = seen_in(staging.read("results"), known)
    if not (may_vanish and any(project in known for project in seen.missing)):
        await check_listed(asker, api, seen, known)
    if not may_vanish:
        check_share(asker, api, seen, listed)
