"""The public tables unchanged: they give the same rows as the dataset."""

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from packaging.version import Version

from audit.crawl.decode.version import facts_of
from audit.dataset.dataset import Dataset
from audit.errors import UsageError
from audit.portable.answered import fitted
from audit.portable.dialects import Dialect
from audit.portable.sources import COLUMNS, TableSource, table_of
from audit.portable.text import pasted, statement
from audit.queries.catalog import Group, load
from tests.portable import engines

# Only this is not in the tables: which projects were asked for, and what was set aside.
ASKED = [
    *("late-files", "late-releases", "cooldown-gaps", "lag-buckets", "policies", "late-by-year", "late-by-month"),
    "late-wheels-by-python",
]
PLACES = [(Dialect.CLICKHOUSE, TableSource.PROJECTS), (Dialect.SPARK, TableSource.DISTRIBUTION_METADATA)]
# Spellings of every part of a version, in an order that is not theirs.
VERSIONS = [
    *("1.0", "1.0.0", "v1.0", "1.0.dev0", "1.0.dev3", "1.0a1", "1.0-alpha.2", "1.0b1", "1.0beta", "1.0c1", "1.0rc2"),
    *("1.0-preview-3", "1.0.post1", "1.0-2", "1.0r3", "1.0-rev4", "1.0a1.post2", "1.0a1.dev2", "1.0.post1.dev1"),
    *("1!0.5", "0", "0.0.1", "10", "2", "1.10", "1.9", "1.2.3.4.5.6.7.8.9.10", "2013.02.16", "20131231235959", "1.0A5"),
    *("1.0.pre", "1.0pre.post.dev", "1.0.POST9"),
]
NONE = ["2013-02-16", "1.0-beta-x", "", "abc", "1..2", "1.0-"]


@pytest.fixture(scope="module")
def uploads(sample_of_index_api: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample in the public tables' columns: names as people write them, repeated rows, no nulls."""
    with Dataset(sample_of_index_api) as dataset:
        rows = dataset.sql("select project, version, filename, uploaded_at, size_bytes, sha256 from files").arrow()
    names = [name.replace("-", "_.-").title() for name in rows["project"].to_pylist()]
    table = pa.table([names, rows["version"], rows["filename"], rows["uploaded_at"]], names=list(COLUMNS))
    table = table.append_column("size", rows["size_bytes"]).append_column("sha256_digest", rows["sha256"])
    folder = tmp_path_factory.mktemp("uploads")
    pq.write_table(pa.concat_tables([table, table.slice(0, 1000)]), folder / "uploads.parquet")
    return folder / "uploads.parquet"


def given_to(dialect: Dialect, source: TableSource, uploads: Path) -> None:
    if dialect is Dialect.SPARK:
        engines.offered(dialect, {source.value: uploads})
        return
    engine = engines.clickhouse()
    engine.query("create database if not exists pypi")
    engine.query("drop table if exists pypi.projects")
    engine.query(
        "create table pypi.projects (name String, version String, filename String, upload_time DateTime64(6),"
        " size Int64, sha256_digest String) engine = MergeTree order by name"
    )
    engine.query(f"insert into pypi.projects select * from file('{uploads}', 'Parquet')")


def assert_alike(answered: pa.Table, expected: pa.Table) -> None:
    # When the dataset was brought up to date is not in the table: its newest upload stands for that.
    hidden = [name for name in answered.column_names if name == "young_release_count"]
    assert answered.drop_columns(hidden).equals(expected.cast(answered.schema).drop_columns(hidden))


@pytest.mark.slow
@pytest.mark.parametrize("title", ASKED)
@pytest.mark.parametrize(("dialect", "source"), PLACES)
def test_the_public_table_answers_as_the_dataset(
    title: str, dialect: Dialect, source: TableSource, uploads: Path, sample_of_index_api: Path
) -> None:
    query = load().find(title, Group.FLAGS, Group.STATISTICS)
    with Dataset(sample_of_index_api) as dataset:
        expected = dataset.query(title).arrow()
    given_to(dialect, source, uploads)
    answered = fitted(engines.asked(dialect, statement(query, {}, dialect, source)), query)
    assert_alike(answered, expected)
    assert expected.num_rows


@pytest.mark.slow
@pytest.mark.parametrize("title", ASKED)
def test_temporary_tables_answer_as_the_one_statement(title: str, uploads: Path, sample_of_index_api: Path) -> None:
    given_to(Dialect.CLICKHOUSE, TableSource.PROJECTS, uploads)
    query = load().find(title, Group.FLAGS, Group.STATISTICS)
    script = pasted(query, {}, Dialect.CLICKHOUSE, TableSource.PROJECTS, in_steps=True)
    *made, asked = script.removesuffix(";\n").split(";\n\n")
    for sql in made:
        engines.clickhouse().query(sql)
    answered = fitted(engines.asked(Dialect.CLICKHOUSE, asked), query)
    with Dataset(sample_of_index_api) as dataset:
        expected = dataset.query(title).arrow()
    assert_alike(answered, expected)


@pytest.mark.slow
@pytest.mark.parametrize(("dialect", "source"), PLACES)
def test_versions_are_compared_as_pep_440_does(dialect: Dialect, source: TableSource, tmp_path: Path) -> None:
    """Each version is a release with a file; the keys order them, and show what is not a version."""
    shuffled = random.Random(7).sample([*VERSIONS, *NONE], len(VERSIONS) + len(NONE))
    rows = [("spam", version, f"spam-{place}.zip", 1_700_000_000_000_000) for place, version in enumerate(shuffled)]
    columns = [list(column) for column in zip(*rows, strict=True)]
    table = pa.table([*columns[:3], pa.array(columns[3], pa.timestamp("us", "UTC"))], names=list(COLUMNS))
    table = table.append_column("size", pa.array([1] * len(table))).append_column("sha256_digest", [columns[0]])
    pq.write_table(table, tmp_path / "uploads.parquet")
    given_to(dialect, source, tmp_path / "uploads.parquet")
    answered = engines.asked(dialect, _facts(dialect, source)).to_pylist()
    facts = {_text(row["version"]): row for row in answered}
    assert {version for version in facts if facts[version]["version_key"] is None} == set(NONE)
    keys = {version: _text(facts[version]["version_key"]) for version in VERSIONS}
    assert {(a, b) for a in VERSIONS for b in VERSIONS if keys[a] < keys[b]} == {
        (a, b) for a in VERSIONS for b in VERSIONS if Version(a) < Version(b)
    }
    for version in VERSIONS:
        expected = facts_of(version)
        assert bool(facts[version]["is_prerelease"]) == expected.is_prerelease, version
        assert bool(facts[version]["is_postrelease"]) == expected.is_postrelease, version


def _facts(dialect: Dialect, source: TableSource) -> str:
    """What the mapping makes of each version: the releases of the statement of a query that reads them."""
    sql = statement(load().find("late-files"), {}, dialect, source)
    begins = sql.index("releases AS (")
    ends = sql.index("\n), ", begins)
    return f"{sql[:ends]}\n) select * from releases order by version"


def _text(value: str | bytes | None) -> str:
    return value.decode() if isinstance(value, bytes) else value or ""


@pytest.mark.parametrize("source", [TableSource.PROJECTS, TableSource.DISTRIBUTION_METADATA])
@pytest.mark.parametrize("dialect", Dialect)
def test_what_the_table_does_not_have_is_refused(dialect: Dialect, source: TableSource) -> None:
    message = f"totals reads the table .*, and {table_of(source, dialect)} has nothing about it: ask a dataset"
    with pytest.raises(UsageError, match=message):
        statement(load().find("totals"), {}, dialect, source)
