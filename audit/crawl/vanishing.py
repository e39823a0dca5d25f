"""Checks whether an index lost projects, or only seems to: a wrong path, the wrong API, an outage that answers 404."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa
from packaging.utils import NormalizedName

from audit.counting import counted
from audit.crawl.choice import API_NAMES, Asker, spread
from audit.dataset.known import Known
from audit.errors import CrawlError, DecodeError, FetchError
from audit.model import INCOMPLETE, Api, Outcome

# This many projects that the crawl did not ask for are asked before it counts as an outage.
CONTROLS: Final = 3
# Fewer than this may vanish at once on any index, however small it is.
MANY: Final = 10
_NAMED: Final = 3
_ALLOW: Final = "Nothing is committed; if they are gone, say --allow-vanishing"


@dataclass(slots=True)
class Seen:
    """What a crawl's answers say of the index. Projects that failed say nothing.

    ``missing`` are all that the index does not know; ``is_usable``: some are listed, unchanged, or quarantined;
    ``failed_count`` had no usable answer. Of the projects that listed files before this crawl, ``gone`` list no file
    now; ``there_count`` list files, did not change, or are quarantined; ``settled_count`` were not asked for, because
    their serial had not moved.
    """

    missing: list[NormalizedName] = field(default_factory=list)
    is_usable: bool = False
    failed_count: int = 0
    gone: list[NormalizedName] = field(default_factory=list)
    there_count: int = 0
    settled_count: int = 0


def seen_in(results: Iterable[pa.RecordBatch], known: Mapping[NormalizedName, Known]) -> Seen:
    """What the results of a crawl say; ``known`` is what was known before."""
    seen = Seen()
    for batch in results:
        columns = (batch[name].to_pylist() for name in ("project", "outcome", "attempts", "file_count"))
        for project, outcome, attempts, file_count in zip(*columns, strict=True):
            before = known.get(project)
            seen.is_usable |= outcome in {Outcome.FOUND, Outcome.UNCHANGED, Outcome.QUARANTINED}
            seen.failed_count += outcome in INCOMPLETE
            if outcome == Outcome.MISSING:
                seen.missing.append(project)
            if before is None or not before.file_count or outcome == Outcome.FAILED:
                continue
            if not attempts:
                seen.settled_count += 1
            elif outcome == Outcome.MISSING or (outcome == Outcome.FOUND and not file_count):
                seen.gone.append(project)
            else:
                seen.there_count += 1
    return seen


async def check_listed(asker: Asker, api: Api, seen: Seen, known: Mapping[NormalizedName, Known]) -> None:
    """Checks that the index lists something: of what it was asked for, or else of some other known projects.

    Others are not asked where all missing projects were never known: then probably their names are wrong, or the index.

    Raises:
        CrawlError: it does not.
    """
    if (seen.is_usable or not seen.missing) and (seen.there_count or not seen.gone):
        return
    is_known = any(project in known for project in [*seen.gone, *seen.missing])
    others = sorted(known.keys() - {*seen.gone, *seen.missing})
    controls = spread([project for project in others if known[project].file_count], CONTROLS) if is_known else []
    for project in controls:
        if await _is_listed(asker, api, project):
            return
    asked = f" and {len(controls)} more asked to make sure" if controls else ""
    raise CrawlError(await _nothing(asker, api, seen, asked, is_known=is_known))


def check_share(asker: Asker, api: Api, seen: Seen, listed: Collection[NormalizedName]) -> None:
    """Checks that a crawl does not lose `MANY` or more known projects that are also over half of those that answered.

    An unmoved serial counts as an answer too, but not for projects that the index's root still lists (``listed``): it
    says nothing of pages.

    Raises:
        CrawlError: they do.
    """
    there = seen.there_count
    for gone, others in (
        (seen.gone, there + seen.settled_count),
        ([project for project in seen.gone if project in listed], there),
    ):
        if len(gone) >= MANY and len(gone) > others:
            raise CrawlError(
                f"nothing is listed any more for {len(gone):,} of the {len(gone) + others:,} known projects that "
                f"answered ({_first(gone)}): {_suspects(asker, api)}? {_ALLOW}"
            )


async def _nothing(asker: Asker, api: Api, seen: Seen, asked: str, *, is_known: bool) -> str:
    """The message where nothing is listed, or nothing any more."""
    tried = seen.gone or seen.missing
    other = Api.SIMPLE if api is Api.JSON else Api.JSON
    found = [project for project in spread(tried, CONTROLS) if await _is_listed(asker, other, project)]
    option = asker.address.option(api)
    hint = f"its {API_NAMES[other]} lists {found[0]}: check {option}, or ask with --api {other}" if found else ""
    if seen.gone:
        return (
            f"nothing is listed any more for all {len(tried):,} known projects that answered ({_first(tried)}){asked}: "
            f"{_suspects(asker, api)}? {hint + '. ' if hint else ''}{_ALLOW}"
        )
    failed = f", {seen.failed_count:,} more failed" if seen.failed_count else ""
    advice = hint or f"check the names and {option}"
    return (
        f"the {API_NAMES[api]} at {asker.address.root(api)} lists none of the {counted(len(tried), 'project')} "
        f"asked for ({_first(tried)}){failed}{asked}: {advice}. {_ALLOW if is_known else 'Nothing is committed'}"
    )


def _suspects(asker: Asker, api: Api) -> str:
    return f"a wrong address ({asker.address.option(api)}), the wrong --api ({api}) or an outage"


def _first(projects: Sequence[NormalizedName]) -> str:
    return ", ".join(projects[:_NAMED]) + (", ..." if len(projects) > _NAMED else "")


async def _is_listed(asker: Asker, api: Api, project: NormalizedName) -> bool:
    try:
        decoded = await asker.project(api, project)
    except (FetchError, DecodeError):
        return False
    return decoded is not None and (decoded.file_count > 0 or decoded.index_status == "quarantined")
