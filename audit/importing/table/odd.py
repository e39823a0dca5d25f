"""Projects with odd rows: each is written as the page that the index would have, and decoded like that."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
from packaging.utils import NormalizedName

from audit.crawl.decode import Decoded, decode_json
from audit.crawl.segment import segment_of
from audit.dataset.staging import Segment
from audit.errors import DecodeError
from audit.model import Outcome, Result, Source

Row = Mapping[str, Any]


def read_odd(rows: Sequence[Row], source: Source, precision_us: int) -> tuple[Segment, list[Result]]:
    """The segment of the rows, which must be sorted by project: what cannot be read is set aside as in a crawl."""
    taken = [_taken(project, some, precision_us) for project, some in _by_project(rows)]
    results = [result for result, _ in taken]
    return segment_of(results, [project for _, project in taken if project], source), results


def _by_project(rows: Sequence[Row]) -> Iterator[tuple[NormalizedName, list[Row]]]:
    for project, some in groupby(rows, itemgetter("project")):
        yield NormalizedName(project), list(some)


def _taken(project: NormalizedName, rows: Sequence[Row], precision_us: int) -> tuple[Result, Decoded | None]:
    try:
        decoded = decode_json(project, _page(project, rows))
    except DecodeError as error:
        return Result(project, Outcome.FAILED, reason=error.reason, detail=error.detail), None
    found = Result(project, Outcome.FOUND, file_count=decoded.file_count, release_count=len(decoded.versions))
    return found, _as_of_table(decoded, rows, precision_us)


def _as_of_table(decoded: Decoded, rows: Sequence[Row], precision_us: int) -> Decoded:
    """Adds what only a table has, and removes what only a page has."""
    count, uploaded_via = decoded.file_count, {row["filename"]: row["uploaded_via"] for row in rows}
    unknown = dict.fromkeys(("is_yanked", "yanked_reason", "has_provenance"), [None] * count)
    own = {
        "uploaded_via": [uploaded_via[name] for name in decoded.files["filename"]],
        "time_precision_us": [precision_us] * count,
    }
    return replace(decoded, files={**decoded.files, **unknown, **own})


def _page(project: NormalizedName, rows: Sequence[Row]) -> bytes:
    releases: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        releases.setdefault(row["version"], []).append(_entry(row))
    return msgspec.json.encode({"info": {"name": project}, "releases": releases})


def _entry(row: Row) -> dict[str, object]:
    entry = {
        "filename": row["filename"],
        "packagetype": row["packagetype"],
        "size": row["size"],
        "upload_time_iso_8601": row["uploaded_at"],
        "requires_python": row["requires_python"],
    }
    return entry | {"digests": {} if row["sha256"] is None else {"sha256": row["sha256"]}}
