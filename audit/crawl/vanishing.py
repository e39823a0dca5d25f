"""Whether an index lost projects, or only seems to: a wrong path, the wrong API, an outage that answers 404."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pyarrow as pa
from packaging.utils import NormalizedName

from audit.crawl.choice import Asker, spread
from audit.dataset.known import Known
from audit.errors import CrawlError, DecodeError, FetchError
from audit.model import Api, Outcome

# So many projects that this crawl did not ask for are asked before it is taken for an outage.
CONTROLS: Final = 3
_NAMED: Final = 3


def vanished(results: Iterable[pa.RecordBatch], known: Mapping[NormalizedName, Known]) -> list[NormalizedName]:
    """The projects that listed files before this crawl and list none now, if that is so of all that answered.

    None if one of those that listed files still does, did not change, or is quarantined: that index is well. Projects
    that failed say nothing, nor do those that were not asked because their serial had not moved.
    """
    gone: list[NormalizedName] = []
    for batch in results:
        columns = (batch[name].to_pylist() for name in ("project", "outcome", "attempts", "file_count"))
        for project, outcome, attempts, file_count in zip(*columns, strict=True):
            before = known.get(project)
            if before is None or not before.file_count or not attempts or outcome == Outcome.FAILED:
                continue
            if outcome != Outcome.MISSING and (outcome != Outcome.FOUND or file_count):
                return []
            gone.append(project)
    return gone


async def check_vanishing(
    asker: Asker, api: Api, gone: Sequence[NormalizedName], known: Mapping[NormalizedName, Known]
) -> None:
    """Holds that the index still lists something: of some known projects that are not ``gone``, one at least.

    Raises:
        CrawlError: it does not: whatever was known is missing.
    """
    others = sorted(known.keys() - set(gone))
    controls = spread([project for project in others if known[project].file_count], CONTROLS)
    for project in controls:
        if await _is_listed(asker, api, project):
            return
    named = ", ".join(gone[:_NAMED]) + (", ..." if len(gone) > _NAMED else "")
    asked = f" and {len(controls)} more asked to make sure" if controls else ""
    raise CrawlError(
        f"nothing is listed any more of all {len(gone):,} known projects that answered ({named}){asked}: a wrong "
        f"address, the wrong --api ({api}) or an outage? Nothing is committed; if they are gone, say --allow-vanishing"
    )


async def _is_listed(asker: Asker, api: Api, project: NormalizedName) -> bool:
    try:
        decoded = await asker.project(api, project)
    except (FetchError, DecodeError):
        return False
    return decoded is not None and (decoded.file_count > 0 or decoded.index_status == "quarantined")
