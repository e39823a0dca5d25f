"""Questions: SQL that would do more than read."""

from typing import Final

from tests.attack.case import Case, Place, Section
from tests.hostile import hostile_dataset

QUESTIONS: Final = Section.QUESTIONS


def sql(name: str, statement: str, code: int, told: str) -> Case:
    """A statement asked of a dataset that must stay as it is."""
    return Case(name, QUESTIONS, ["sql", statement, "--dataset", "{data}"], code, told, dataset)


def dataset(place: Place) -> None:
    """A small dataset."""
    hostile_dataset(place.data)


CASES: Final = [
    sql("COPY over a table of the dataset", "copy (select 1) to '{data}/files.parquet'", 2, "only"),
    sql("a file of the system", "from read_text('/etc/passwd')", 2, ""),
    sql("another database", "attach '{data}/x.db'", 2, "only"),
]
