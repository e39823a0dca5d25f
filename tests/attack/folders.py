"""Folders: what a command may write, and what it finds there."""

from collections.abc import Callable
from typing import Final

import msgspec

from audit.dataset.mark import mark_of, write_mark
from tests.attack.case import Case, Place, Section
from tests.faults.documents import document
from tests.faults.server import answer, say
from tests.hostile import hostile_dataset

FOLDERS: Final = Section.FOLDERS


def linked(place: Place) -> None:
    """A dataset, and the place of the report taken by a link to something precious."""
    hostile_dataset(place.data)
    (place.folder / "report.md").symlink_to(place.precious / "letter.txt")


def planted(name: str, to: str) -> Callable[[Place], None]:
    """A marked dataset, in which a link leads to something precious."""

    def set_up(place: Place) -> None:
        path = place.data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_mark(place.data, mark_of())
        path.symlink_to(place.precious / to)

    return set_up


def plan_with_a_path(place: Place) -> None:
    """A marked dataset with an unfinished crawl, whose id is a path."""
    (place.data / "staging").mkdir(parents=True)
    write_mark(place.data, mark_of())
    plan = {"crawl_id": "../../precious", "api": "json", "index_url": place.server.root}
    (place.data / "staging" / "plan.json").write_bytes(msgspec.json.encode(plan))


def healthy_pid_link(place: Place) -> None:
    """A marked dataset, a link where the number of the crawl's process goes, and an index with one project."""
    place.server.script_root({"spam": 1})
    place.server.scripts["/pypi/spam/json"] = [say(answer(document()))]
    planted("crawl.pid", "letter.txt")(place)


CRAWL: Final = ["crawl", "--whole-index", "--index-url", "{index}", "--dataset"]
INTO_DATA: Final = [*CRAWL, "{data}"]
CASES: Final = [
    Case("a crawl into a folder of somebody's", FOLDERS, [*CRAWL, "{precious}"], 3, "not marked as a dataset"),
    Case("the same with --fresh", FOLDERS, [*CRAWL, "{precious}", "--fresh"], 3, "not marked as a dataset"),
    Case("a dataset without a name", FOLDERS, [*CRAWL, ""], 2, "--dataset is empty"),
    Case("an unfinished crawl whose id is a path", FOLDERS, INTO_DATA, 3, "is not a crawl id", plan_with_a_path),
    Case("staging that leads elsewhere", FOLDERS, INTO_DATA, 3, "out of the dataset", planted("staging", "")),
    Case(
        "a part of a segment that leads elsewhere",
        FOLDERS,
        INTO_DATA,
        3,
        "is a link",
        planted("staging/00000000.part", "letter.txt"),
    ),
    Case(
        "generations that lead elsewhere",
        FOLDERS,
        INTO_DATA,
        3,
        "nothing is written",
        planted("generations", ""),
    ),
    Case("a link where crawl.pid goes", FOLDERS, INTO_DATA, 0, "1 found", healthy_pid_link),
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
