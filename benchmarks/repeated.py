"""The recorded sample, staged many times under other names: what the statistics are measured with."""

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from packaging.utils import canonicalize_name

from audit.crawl.worker import Job, decode_and_stage
from audit.dataset.staged_schema import STAGED_RELEASES
from audit.dataset.staging import Segment, Staging, read_segment, write_segment
from audit.dataset.store import Store
from audit.model import Api, Ask, Fetched, Page
from benchmarks.staged import PLAN
from tests.recorded import SAMPLE

_DIGITS = 64


def stage_repeated(dataset: Path, files: int, seed: int = 1) -> None:
    """Stages the sample in ``dataset`` until there are at least ``files`` files; the same arguments give the same.

    Each time its projects and files have other names, and the files other digests; versions, times, tags and sizes
    are as recorded.
    """
    staging = Staging(Store(dataset).staging)
    staging.begin(PLAN)
    first = staging.next_path(0)
    decode_and_stage(Job(_pages(), Api.SIMPLE, first))
    results, releases, listed = (read_segment(first, name) for name in ("results", "releases", "files"))
    set_aside = _columns(read_segment(first, "set_aside").slice(0, 0))
    listed = listed.drop_columns([name for name in STAGED_RELEASES.names if name in listed.column_names])
    chance = random.Random(seed)  # repeatable, not secret
    for number in range(-(-files // len(listed))):
        segment = Segment(
            _columns(_prefixed(results, "project", f"r{number:05d}-")),
            _columns(_prefixed(releases, "project", f"r{number:05d}-")),
            _columns(_prefixed(listed, "filename", f"r{number:05d}_")) | {"sha256": _digests(len(listed), chance)},
            set_aside,
        )
        write_segment(staging.next_path(number), segment)


def _pages() -> list[Page]:
    paths = sorted((SAMPLE / "index").glob("*.json.gz"))
    names = [canonicalize_name(path.name.removesuffix(".json.gz")) for path in paths]
    answers = [Fetched(200, path.read_bytes(), is_gzip=True) for path in paths]
    return [Page(Ask(name), answer) for name, answer in zip(names, answers, strict=True)]


def _prefixed(rows: pa.Table, column: str, prefix: str) -> pa.Table:
    place = rows.schema.get_field_index(column)
    return rows.set_column(place, rows.schema.field(place), pc.binary_join_element_wise(prefix, rows[column], ""))


def _digests(count: int, chance: random.Random) -> pa.Array:
    digits = pa.py_buffer(chance.randbytes(count * _DIGITS // 2).hex().encode())
    ends = pa.array(range(0, (count + 1) * _DIGITS, _DIGITS), pa.int32())
    return pa.StringArray.from_buffers(count, ends.buffers()[1], digits)


def _columns(rows: pa.Table) -> dict[str, pa.ChunkedArray]:
    return dict(zip(rows.column_names, rows.columns, strict=True))
