"""What SQL reads of usual rows is what the decoder of pages reads of them, and odd ones go to the decoder."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

from audit.dataset.engine import Engine
from audit.dataset.staging import segment_tables
from audit.importing.table.chunks import chunks
from audit.importing.table.odd import read_odd
from audit.importing.table.reading import ChunkReader
from audit.model import Source
from tests import bigquery
from tests.bigquery import Row, row
from tests.examples import examples

# What a name may be like whose project is p1-eggs; each row here is of a project of its own, so that no odd row takes
# another one to the decoder.
_NAMES = [
    *("p{}_eggs", "p{}-eggs", "P{}.Eggs", "p{}--eggs", "p{}", "num", "p{}_\u00e4ggs", "p{}_egg\u017f", "-p{}_eggs"),
    "p{}_eggs_more",
]
_VERSIONS = ["1.0", "1.0.post1", "1!2", "1.0+local", "no", "", "\uff11", "2"]
_TAILS = [
    *("-py3-none-any.whl", "-1-cp312-cp312-win32.whl", "-PY3.py2-none-ANY.whl", "-cp312-cp312.whl", ".whl", ".WHL"),
    *("-x-py3-none-any.whl", ".tar.gz", ".TAR.GZ", ".tar.Z", ".zip", ".tgz", ".linux-x86_64.tar.gz", ".win32.zip"),
    *(".win32.exe", ".win-amd64-py2.7.msi", "-py2.7.egg", "-1.noarch.rpm", ".dmg", ".deb", "", ".tar.gz.asc", ".gz"),
    *("/x.zip", "\\x.zip", "\0.zip", "\n.zip", ".tar", ".linux-x86_64\n.tar.gz", "." + "a" * 1_000 + ".zip"),
]
_DIGESTS = [*(letter * 64 for letter in "0aF"), "", "x", "a" * 63, "a" * 64 + "\n"]
_DAYS = [datetime(2020, 1, day, 1, 2, 3, day, tzinfo=UTC) for day in (1, 2, 3)]
_EDGES = [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]

filenames = st.builds("{}-1.0{}".format, st.sampled_from(_NAMES[:4]), st.sampled_from(_TAILS[:12]))
tables = st.lists(
    st.builds(
        row,
        filenames | st.text(max_size=12).filter(lambda text: text.isprintable() and "{" not in text) | st.none(),
        st.sampled_from([*_DAYS, *_EDGES]) | st.none(),
        version=st.sampled_from(["1.0", "1", "2.0rc1", "no version", "v" * 1_001, ""]),
        size=st.sampled_from([0, 10, -1, 2**63 - 1]) | st.none(),
        packagetype=st.sampled_from(["sdist", "bdist_wheel", "bdist_dumb", "odd", "", "x" * 101]),
        requires_python=st.sampled_from(["", ">=3.6"]) | st.none(),
        sha256_digest=st.sampled_from(_DIGESTS),
        uploaded_via=st.sampled_from(["", "twine/1"]) | st.none(),
    ),
    min_size=1,
    max_size=30,
)


def apart(rows: Sequence[Row]) -> list[Row]:
    """Each of the rows in a project of its own."""
    return [
        dict(each)
        | {"name": f"p{number}-eggs", "filename": each["filename"] and each["filename"].replace("{}", str(number))}
        for number, each in enumerate(rows)
    ]


def chunk_of(rows: Sequence[Row]) -> tuple[list[str], pa.Table]:
    """The projects, and the rows as the reader takes them."""
    projects = sorted({str(canonicalize_name(each["name"])) for each in rows})
    named = [each | {"number": projects.index(canonicalize_name(each["name"]))} for each in map(dict, rows)]
    schema = pa.schema([("number", pa.int32()), *(field for field in bigquery.schema() if field.name != "name")])
    return projects, pa.Table.from_pylist(sorted(named, key=lambda each: each["number"]), schema)


def read(rows: Sequence[Row], spill: Path) -> dict[str, list[dict[str, Any]]]:
    projects, chunk = chunk_of(rows)
    with ChunkReader(projects, Source.BIGQUERY, 1, spill) as reader:
        segments = reader.read(chunk).segments
    return merged([segment_tables(segment) for segment in segments])


def decoded(rows: Sequence[Row]) -> dict[str, list[dict[str, Any]]]:
    """The same through the decoder of the JSON API alone."""
    converted = [
        dict(each)
        | {
            "project": str(canonicalize_name(each["name"])),
            "sha256": each["sha256_digest"].lower(),
            "requires_python": each.get("requires_python") or None,
            "uploaded_via": each.get("uploaded_via") or None,
            "uploaded_at": each["upload_time"] and each["upload_time"].isoformat(timespec="microseconds")[:-6] + "Z",
        }
        for each in rows
    ]
    segment, _ = read_odd(sorted(converted, key=lambda each: each["project"]), Source.BIGQUERY, 1)
    return merged([segment_tables(segment)])


def merged(many: Sequence[dict[str, pa.Table]]) -> dict[str, list[dict[str, Any]]]:
    """All rows of each stream, in one order; numbers that hold in one segment only are left out."""
    streams: dict[str, list[dict[str, Any]]] = {}
    for name in ("results", "releases", "files", "set_aside"):
        rows = [row for tables in many for row in tables[name].to_pylist()]
        streams[name] = sorted(({k: v for k, v in row.items() if k != "release_number"} for row in rows), key=str)
    return streams


@pytest.mark.slow
def test_the_whole_sample(tmp_path: Path) -> None:
    rows = bigquery.sample_rows()
    answer = read(rows, tmp_path / "spill")
    assert answer == decoded(rows)
    assert len(answer["files"]) > 30_000


def test_every_kind_of_name(tmp_path: Path) -> None:
    names = [f"{name}-{version}{tail}" for name in _NAMES for version in _VERSIONS for tail in _TAILS]
    rows = apart([row(name) for name in names])
    assert read(rows, tmp_path / "spill") == decoded(rows)


@pytest.mark.parametrize("name", ["zope.win32", "kiwi.linux-helper"])
def test_a_project_named_after_a_platform(name: str, tmp_path: Path) -> None:
    rows = [dict(row(f"{name}-1.0{ending}")) | {"name": name} for ending in (".tar.gz", ".linux-x86_64.tar.gz")]
    answer = read(rows, tmp_path / "spill")
    assert answer == decoded(rows)
    assert sorted(file["kind"] for file in answer["files"]) == ["dumb", "sdist"]


@settings(max_examples=examples(100))
@given(tables)
def test_any_rows(rows: list[Row]) -> None:
    assert read(apart(rows), Path("never-needed")) == decoded(apart(rows))


def test_usual_rows_do_not_meet_the_decoder(tmp_path: Path) -> None:
    projects, chunk = chunk_of(bigquery.sample_rows())
    with ChunkReader(projects, Source.BIGQUERY, 1, tmp_path / "spill") as reader:
        usual = reader.read(chunk).segments[0]
    assert len(usual.files["filename"]) > 0.8 * chunk.num_rows


def test_chunks_hold_whole_projects_in_their_order(tmp_path: Path) -> None:
    counts = [5, 1, 7, 3, 1, 1, 9]
    numbers = [number for number, count in enumerate(counts) for _ in range(count)]
    rows = pa.table({"name": [f"p{number}" for number in reversed(numbers)], "filename": [str(at) for at in numbers]})
    with Engine([]) as engine:
        engine.register("source", rows)
        engine.register(
            "numbers", pa.table({"name": [f"p{n}" for n in range(7)], "number": pa.array(range(7), pa.int32())})
        )
        some = [chunk["number"].to_pylist() for chunk in chunks(engine, 4)]
    assert [number for chunk in some for number in chunk] == numbers
    assert all(set(one).isdisjoint(other) for at, one in enumerate(some) for other in some[at + 1 :])
    assert len(some) > 3
