"""Folders: what a command may write, and what it finds there."""

from typing import Final

from tests.attack.case import Case, Place, Section
from tests.hostile import hostile_dataset

FOLDERS: Final = Section.FOLDERS


def linked(place: Place) -> None:
    """A dataset, and the place of the report taken by a link to something precious."""
    hostile_dataset(place.data)
    (place.folder / "report.md").symlink_to(place.precious / "letter.txt")


CASES: Final = [
    Case(
        "a report that is to be written where a link stands",
        FOLDERS,
        ["report", "--dataset", "{data}", "--format", "markdown", "--out", "report.md"],
        2,
        "report.md",
        linked,
    ),
    Case(
        "an export into the folder of the dataset",
        FOLDERS,
        ["dataset", "export", "--dataset", "{data}", "--to", "duckdb", "{data}/files.parquet"],
        2,
        "files.parquet",
        linked,
    ),
]
