"""Questions: SQL that would do more than read; test_never_writes.py tries every kind of statement in every place."""

from typing import Final

from tests.attack.case import Case, Place, Section
from tests.hostile import hostile_dataset

QUESTIONS: Final = Section.QUESTIONS
FILES: Final = "{precious}/data/files.parquet"
COPY: Final = f"copy (select 1) to '{FILES}' (use_tmp_file false)"
SERIALIZED: Final = f"with w as ({COPY}) from w".replace("'", "''")


def sql(name: str, statement: str, message: str, code: int = 2, *, is_quick: bool = False) -> Case:
    """A statement asked of a dataset in the tree that must stay as it is."""
    command = ["sql", statement, "--dataset", "{precious}/data"]
    return Case(name, QUESTIONS, command, code, message, dataset, is_quick=is_quick)


def dataset(place: Place) -> None:
    """A small dataset."""
    hostile_dataset(place.precious / "data")


def damaged(place: Place) -> None:
    """A dataset with a table that was cut off."""
    dataset(place)
    files = place.precious / "data" / "files.parquet"
    files.write_bytes(files.read_bytes()[:-1])


def of_another_schema(place: Place) -> None:
    """A dataset whose files are another table's."""
    dataset(place)
    folder = place.precious / "data"
    (folder / "files.parquet").write_bytes((folder / "releases.parquet").read_bytes())


CASES: Final = [
    sql("COPY over a table of the dataset", COPY, "a COPY statement is refused"),
    sql(
        "EXPLAIN ANALYZE of a COPY",
        f"explain analyze {COPY}",
        "EXPLAIN is refused for anything but a query",
        is_quick=True,
    ),
    sql("a COPY in a WITH clause", f"with w as ({COPY}) from w", "the statement is refused"),
    sql(
        "a COPY in a function that runs serialized SQL",
        f"from json_execute_serialized_sql(json_serialize_sql('{SERIALIZED}'))",
        "is refused, as it may do more than read",
    ),
    sql("two statements, the second a COPY", f"select 1; {COPY}", "a COPY statement is refused"),
    sql(
        "EXPLAIN ANALYZE of a new view",
        "explain analyze create view x as select 1",
        "EXPLAIN is refused for anything but a query",
    ),
    sql("a file of the system", "from read_text('/etc/passwd')", "file system operations are disabled"),
    sql("a file beside the dataset", "from read_text('{precious}/thesis.txt')", "file system operations are disabled"),
    sql("another database", "attach '{precious}/x.db'", "an ATTACH statement is refused"),
    sql("a COPY in a call of query()", "from query('copy (select 1) to ''x.csv''')", "may do more than read"),
    sql("the environment's variables", "select getenv('HOME')", "getenv does not exist"),
    sql("access to files, switched on", "set enable_external_access = true", "a SET statement is refused"),
    sql("an extension", "install httpfs", "a LOAD statement is refused"),
    sql("every type that DuckDB has", "from test_all_types()", "5877642", 0, is_quick=True),
    Case(
        "a table that was cut off", QUESTIONS, ["status", "--dataset", "{precious}/data"], 3, "cannot be read", damaged
    ),
    Case(
        "a table with another table's columns",
        QUESTIONS,
        ["flags", "late-files", "--dataset", "{precious}/data"],
        3,
        "was not written by this program",
        of_another_schema,
    ),
]
