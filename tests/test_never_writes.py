"""A question never writes: for any SQL, the dataset's bytes and its later answers stay the same."""

import hashlib
import itertools
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

import audit
from audit import reading
from audit.answers.format import Format
from audit.dataset import engine
from audit.dataset.dataset import Dataset
from audit.errors import AuditError, QueryError, UsageError
from audit.queries import catalog
from audit.shell import Dialogue
from tests.cli.programs import invoke, run_here
from tests.dataset_builder import make_dataset

SECRET = "a-secret-outside-the-dataset"
# Types for which the Python package has no name.
NAMELESS = "nameless"
# For each type of statement that DuckDB knows, SQL of it that would write, or change what later statements mean. {data}
# is the dataset, {out} a folder beside it. Those that only read are here too: what they explain may write.
STATEMENTS: dict[str, list[str]] = {
    "SELECT": [
        "with w as (copy (select 1 as a) to '{data}/files.parquet' (use_tmp_file false)) from w",
        "with w as materialized (copy (select 1 as a) to '{data}/new.parquet') select * from w",
        "with w as (copy (select 1 as a) to '{out}/x.csv') select (select count(*) from w)",
        "with w as (insert into dataset.environments from dataset.environments returning *) from w",
        "with w as (delete from dataset.environments returning *) from w",
        "with w as (update dataset.environments set environment = 'x' returning *) from w",
        "select setseed(0.5)",
        "select write_log('x')",
        "from enable_logging(storage := 'file', storage_path := '{out}/log')",
        "from read_text('{out}/../secret.csv')",
        "from '{out}/../secret.csv'",
        "from read_csv('{out}/../*.csv')",
        "from glob('{out}/../*')",
        "select * from duckdb_secrets()",
        "select getenv('HOME')",
        "from checkpoint()",
        "from force_checkpoint()",
        "from query_table('{out}/../secret.csv')",
        "from python_map_function(1)",
    ],
    "INSERT": ["insert into dataset.environments from dataset.environments", "insert into files default values"],
    "UPDATE": ["update dataset.environments set environment = 'x'"],
    "DELETE": ["delete from dataset.environments", "truncate dataset.environments"],
    "MERGE_INTO": [
        "merge into dataset.environments a using environments b using (environment) when matched then delete",
    ],
    "CREATE": [
        "create or replace view files as select 1 as a",
        "create or replace temp view files as select 1 as a",
        "create temp table files as select 1 as a",
        "create or replace macro late_files(a := 1) as table select 1 as a",
        "create temp macro lower(a) as 'x'",
        "create schema s",
        "create type t as integer",
        "create sequence s",
        "create secret (type http)",
        "create table main.crawls_2 as from crawls",
    ],
    "DROP": ["drop view files", "drop table dataset.environments", "drop schema dataset cascade"],
    "ALTER": ["alter view files rename to x", "comment on view files is 'x'"],
    "COPY": [
        "copy (select 1 as a) to '{data}/files.parquet' (use_tmp_file false)",
        "copy (select 1 as a) to '{data}/files.parquet'",
        "copy files to '{data}/new.csv'",
        "copy files to '{out}/x.parquet'",
        "copy files to '{out}' (format parquet, partition_by (kind), overwrite_or_ignore)",
        "copy dataset.environments from '{out}/../secret.csv'",
    ],
    "EXPORT": ["export database '{out}'", "export database '{data}'"],
    "COPY_DATABASE": ["copy from database memory to temp (schema)"],
    "ATTACH": ["attach '{out}/x.duckdb' as x", "attach '{data}/x.duckdb'", "attach ':memory:' as x"],
    "DETACH": ["detach memory"],
    "SET": [
        "set threads = 1",
        "set timezone = 'America/New_York'",
        "set enable_external_access = true",
        "set variable a = 1",
        "reset threads",
        "pragma threads = 1",
        "use dataset",
        "set schema = 'dataset'",
        "set search_path = 'dataset'",
    ],
    "PRAGMA": [
        "pragma enable_profiling",
        "pragma version",
        "import database '{out}'",
        "copy from database memory to temp",
    ],
    "CALL": ["call enable_logging()", "checkpoint", "force checkpoint", "call pragma_version()"],
    "VACUUM": ["vacuum", "vacuum dataset.environments", "analyze"],
    "LOAD": ["load parquet", "install httpfs", "install '{out}/x.duckdb_extension'"],
    "TRANSACTION": ["begin", "commit", "rollback", "begin transaction read only"],
    "PREPARE": ["prepare p as copy (select 1) to '{out}/x.csv'", "prepare files as select 1"],
    "EXECUTE": ["execute p", "execute p(1)"],
    "EXPLAIN": ["explain analyze copy (select 1 as a) to '{data}/files.parquet' (use_tmp_file false)"],
    "MULTI": ["pivot files on kind"],
    NAMELESS: ["update extensions"],
}
# Types of DuckDB that no SQL in its grammar has (an import is many statements, and so on).
WITHOUT_SQL = {"INVALID", "RELATION", "LOGICAL_PLAN", "EXTENSION", "CREATE_FUNC", "VARIABLE_SET", "ANALYZE"}
HARMLESS_FUNCTIONS = {
    *("current_connection_id", "current_query", "current_query_id", "current_transaction_id", "currval", "error"),
    *("gen_random_uuid", "random", "sleep_ms", "stats", "uuid", "uuidv4", "uuidv7", "vector_type"),
}
PLACES = [
    "{}",
    "explain {}",
    "explain analyze {}",
    "EXPLAIN (ANALYZE, FORMAT JSON) {}",
    "/* a */ eXpLaIn -- b\n AnAlYzE /* c */ {}",
    "explain/**/analyze/**/{}",
    "explain analyze prepare p as {}",
    "prepare p as {}",
    "select 1; {}",
    "{}; select 1",
    "from query('{quoted}')",
    "from (from query('{quoted}'))",
    "from json_execute_serialized_sql(json_serialize_sql('{quoted}'))",
    "with w as ({}) from w",
    "with a as (with w as ({}) from w) from a",
    "from ({})",
    "select ({})",
    "describe {}",
    "summarize {}",
    "select * from files where exists ({})",
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return made(tmp_path)


def made(folder: Path) -> Path:
    (folder / "out").mkdir()
    (folder / "secret.csv").write_text(f"a\n{SECRET}\n", "utf-8")
    day = datetime(2024, 1, 1, tzinfo=UTC)
    files = [{"filename": "a.tar.gz", "uploaded_at": day}, {"filename": "b.zip", "uploaded_at": day.replace(month=9)}]
    return make_dataset(folder / "data", files, crawls=[{}], events=[{"filename": "b.zip"}])


class Attacked(NamedTuple):
    """A dataset opened once for all statements, like a long session, and its state before the first."""

    data: Path
    opened: Dataset
    meant: list[Any]
    before: dict[str, object]


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    data = made(tmp_path_factory.mktemp("attacked"))
    with audit.open(data) as opened:
        meant = meaning(opened)
        yield Attacked(data, opened, meant, tree(data.parent))


@pytest.fixture
def opened(data: Path) -> Iterator[Dataset]:
    with audit.open(data) as dataset:
        yield dataset


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    """A dataset opened once for all statements that only read."""
    with audit.open(made(tmp_path_factory.mktemp("read"))) as dataset:
        yield dataset


def tree(folder: Path) -> dict[str, object]:
    """Everything below a folder: names, kinds, modes, times and bytes."""
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else os.fspath(path)
        found[str(path.relative_to(folder))] = (status.st_mode, status.st_mtime_ns, status.st_ino, content)
    return found


def meaning(dataset: Dataset) -> list[Any]:
    """A dataset's answers to questions that a changed view, macro, setting or table would change."""
    asked = [
        "from files",
        "from late_files()",
        "from file_lags order by filename",
        "from dataset.environments",
        "select lower('A') as a, getvariable('a') as b, current_schema() as c, current_catalog() as d",
        "select name, value from duckdb_settings() where name not like '%memory%' order by all",
        "select schema_name, view_name, sql from duckdb_views() where not internal order by all",
        "select schema_name, table_name, estimated_size from duckdb_tables() order by all",
        "select function_name, macro_definition from duckdb_functions() where not internal order by all",
        "select database_name, path from duckdb_databases() order by all",
        "select type_name from duckdb_types() where not internal order by all",
        "show all tables",
    ]
    return [dataset.query("late-files").rows(), dataset.describe(), *(dataset.sql(sql).rows() for sql in asked)]


def spelled(data: Path, names: list[str] | None = None) -> list[str]:
    """Every statement in every place."""
    given = [sql for name in names or STATEMENTS for sql in STATEMENTS[name]]
    filled = [sql.replace("{data}", str(data)).replace("{out}", str(data.parent / "out")) for sql in given]
    return [
        place.replace("{quoted}", sql.replace("'", "''")).replace("{}", sql)
        for sql, place in itertools.product(filled, PLACES)
    ]


def test_every_type_of_statement_is_tried() -> None:
    assert (STATEMENTS.keys() | WITHOUT_SQL) - {NAMELESS} == duckdb.StatementType.__members__.keys()


@pytest.mark.parametrize("name", sorted(STATEMENTS.keys() - {NAMELESS}))
def test_the_statements_are_of_the_type_that_they_are_tried_for(name: str, data: Path) -> None:
    with duckdb.connect() as connection:
        for sql in STATEMENTS[name]:
            found = connection.extract_statements(sql.replace("{data}", str(data)))
            assert name in {statement.type.name for statement in found}, sql


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_statement_changes_a_byte_or_an_answer(name: str, attacked: Attacked) -> None:
    data, opened, meant, before = attacked
    for sql in spelled(data, [name]):
        try:
            answer = str(opened.sql(sql).rows())
            assert name in {"SELECT", "EXPLAIN"}, f"not refused: {sql}"
        except QueryError as error:
            answer = str(error)
        assert SECRET not in answer, sql
        assert tree(data.parent) == before, sql
    assert meaning(opened) == meant
    assert tree(data.parent) == before


def test_the_shell_and_the_command_line_write_nothing_either(data: Path) -> None:
    worst = [sql for name in ("SELECT", "COPY", "EXPLAIN") for sql in STATEMENTS[name]]
    worst = [sql.replace("{data}", str(data)).replace("{out}", str(data.parent / "out")) for sql in worst]
    before = tree(data.parent)
    with audit.open(data) as dataset:
        dialogue = Dialogue(dataset, lambda answer, _: str(answer.rows()))
        for sql in (*worst, *(f"explain analyze {sql}" for sql in worst)):
            for output in asked(dialogue, f"{sql};"):
                assert SECRET not in output
    assert tree(data)["files.parquet"] == before["data/files.parquet"]
    for words, given in (([worst[0]], None), ([], f"select 1;\n{worst[0]};\n")):
        ended = run_here("sql", "--dataset", str(data), *words, given=given)
        assert (ended.returncode, ended.stderr.count("\n")) == (2, 1), ended.stderr
    assert tree(data.parent).keys() == before.keys()
    assert {path: state for path, state in tree(data.parent).items() if path != "data"} == {
        path: state
        for path, state in before.items()
        if path != "data"  # scratch folders appear and vanish there
    }


def asked(dialogue: Dialogue, text: str) -> Iterator[str]:
    try:
        yield from dialogue.answers(text)
    except AuditError as error:
        yield str(error)


def test_a_text_that_a_query_takes_is_only_a_text(data: Path, opened: Dataset) -> None:
    meant, before = meaning(opened)[:7], tree(data.parent)
    text = f"'); copy (select 1) to '{data}/files.parquet'; --"
    assert opened.sql("select $a as a", {"a": text}).rows() == [{"a": text}]
    taken = 0
    for query in catalog.load().group():
        for name, parameter in query.header.parameters.items():
            if parameter.python_type is str:
                taken += 1
                with suppress(UsageError):
                    opened.query(query.name, **{name: text})
    assert taken > 5
    assert (meaning(opened)[:7], tree(data.parent)) == (meant, before)  # views that were shared are tables now


def test_functions_that_are_not_known_to_read_are_refused(opened: Dataset) -> None:
    functions = opened.sql(
        "select distinct function_name as name, function_type = 'table' as is_relation from duckdb_functions() "
        "where internal and (function_type = 'table' or has_side_effects) order by all"
    ).rows()
    relations = {row["name"] for row in functions if row["is_relation"]}
    assert relations >= reading.READING_RELATIONS - {"unnest"}, "names that DuckDB does not know"
    for name in relations - reading.READING_RELATIONS:
        with pytest.raises(QueryError, match="may do more than read"):
            opened.sql(f"from main.{name.upper()}()")
    effects = {row["name"] for row in functions if not row["is_relation"]}
    assert effects == reading.CHANGING_FUNCTIONS | HARMLESS_FUNCTIONS, "decide what may be called"
    for name in reading.CHANGING_FUNCTIONS:
        with pytest.raises(QueryError, match="changes what later statements mean"):
            opened.sql(f"select [{name}(1)]")


def test_behind_the_parse_tree_is_a_second_wall(data: Path, opened: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """If a statement were ever wrongly taken as only reading, it could change no catalog or setting, or make a file."""
    meant, before = meaning(opened), tree(data.parent)
    monkeypatch.setattr(engine.Engine, "_reading", lambda _, sql: sql)
    for name in ("INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "EXPORT", "COPY_DATABASE", "LOAD", "PRAGMA"):
        for sql in STATEMENTS[name]:
            with suppress(QueryError, AttributeError):  # a statement without rows has no relation
                opened.sql(sql.replace("{data}", str(data)).replace("{out}", str(data.parent / "out")))
    for sql in (f"copy files to '{data}/new.parquet'", f"copy files to '{data.parent}/out/x.csv'"):
        with pytest.raises(QueryError, match="file system operations are disabled"):
            opened.sql(sql)
    monkeypatch.undo()
    assert (meaning(opened), tree(data.parent)) == (meant, before)


@pytest.mark.parametrize("form", [form for form in Format if form is not Format.PARQUET])
def test_every_type_of_duckdb_is_shown_in_every_format(form: Format, data: Path) -> None:
    output = invoke("sql", "--dataset", str(data), "--format", form.value, "from test_all_types()")
    for value in ("5877642-06-25 (BC)", "340282366920938463463374607431768211455", "24:00:00-15:59:59"):
        assert value.split()[0] in output.replace("\\", "").replace("\n", ""), value
    assert "NaN" not in output


def test_what_parquet_does_not_know_is_one_line(data: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot be written as Parquet .*cast that column to text"):
        invoke("sql", "--dataset", str(data), "--format", "parquet", "from test_all_types()")


@pytest.mark.parametrize(
    "sql",
    [
        "from files",
        "table files",
        "values (1, 'a')",
        "describe files",
        "summarize files",
        "show tables",
        "show all tables",
        "explain select 1",
        "explain analyze select count(*) from files;",
        "explain (format json) with a as (select 1) from a",
        "describe from late_files()",
        "-- first\nfrom late_files(window_days := 30) -- last",
        "with recursive a(x) as (select 1 union all select x + 1 from a where x < 9) from a",
        "select filename, row_number() over (partition by project order by filename) from files qualify true",
        "select kind from files union select 'x' order by all limit 1",
        "pivot files on kind in ('sdist', 'wheel') using count(*)",
        "unpivot (select 1 as a, 2 as b) on a, b",
        "select list_transform([1, 2], lambda x: x + 1), struct_pack(type := 'COPY_QUERY_NODE')",
        "select 'copy files to ''x''' as a, 'INSERT_QUERY_NODE' as type",
        "from generate_series(1, 3)",
        "from files, lateral (select 1)",
        f"select {'+'.join(['1'] * 500)}",
        "from files tablesample 50%",
        "from read_parquet('{data}/files.parquet')",
        "from '{data}/crawls/20261123T101500Z.parquet'",
        "from information_schema.columns",
    ],
)
def test_what_only_reads_is_answered(sql: str, read: Dataset) -> None:
    assert read.sql(sql.replace("{data}", str(read.path))).columns
