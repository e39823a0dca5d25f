"""Folders: what a command may write, and what it finds there."""

from collections.abc import Callable
from typing import Final

import msgspec

from audit.dataset.mark import mark_of, write_mark
from tests.attack.case import Case, Place, Section
from tests.dataset_builder import make_dataset
from tests.faults.documents import document
from tests.faults.server import answer, say
from tests.hostile import hostile_dataset

FOLDERS: Final = Section.FOLDERS


def linked(place: Place) -> None:
    """A dataset, and with a link to something precious at the report's place."""
    hostile_dataset(place.data)
    (place.folder / "report.md").symlink_to(place.precious / "thesis.txt")


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
    planted("crawl.pid", "thesis.txt")(place)


def healthy(place: Place) -> None:
    """An index with one project."""
    place.server.script_root({"spam": 1})
    place.server.script("spam", say(answer(document())))


def plain_copy(place: Place) -> None:
    """A dataset as `cp -rL` copies it: plain files, no links."""
    healthy(place)
    make_dataset(place.data, [{"filename": "spam-1.0.tar.gz"}], crawls=[{}])


def in_the_future(place: Place) -> None:
    """A dataset whose last crawl is in the future."""
    healthy(place)
    make_dataset(place.data, crawls=[{"crawl_id": "29991231T000000Z"}])


def bad_root(place: Place) -> None:
    """A root with names that no project can have."""
    healthy(place)
    tricks = ["../../etc/passwd", "/etc/passwd", "%2e%2e", "a b", "", "\x1b[31m", "x" * 1001]
    place.server.script_root(dict.fromkeys([*tricks, "spam"]))


CRAWL: Final = ["crawl", "--whole-index", "--index-url", "{index}", "--dataset"]
INTO_DATA: Final = [*CRAWL, "{data}"]
CASES: Final = [
    Case(
        "a crawl into a folder of somebody's",
        FOLDERS,
        [*CRAWL, "{precious}"],
        3,
        "not marked as a dataset",
        is_quick=True,
    ),
    Case("the same with --fresh", FOLDERS, [*CRAWL, "{precious}", "--fresh"], 3, "not marked as a dataset"),
    Case("a dataset without a name", FOLDERS, [*CRAWL, ""], 2, "--dataset is empty"),
    Case(
        "an unfinished crawl whose id is a path",
        FOLDERS,
        INTO_DATA,
        3,
        "is not a crawl id",
        plan_with_a_path,
        is_quick=True,
    ),
    Case("staging that leads elsewhere", FOLDERS, INTO_DATA, 3, "outside the dataset", planted("staging", "")),
    Case(
        "a part of a segment that leads elsewhere",
        FOLDERS,
        INTO_DATA,
        3,
        "is a link",
        planted("staging/00000000.part", "thesis.txt"),
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
        "files.parquet that leads elsewhere",
        FOLDERS,
        INTO_DATA,
        3,
        "outside the dataset",
        planted("files.parquet", "a"),
    ),
    Case("a plain copy, crawled into again", FOLDERS, INTO_DATA, 0, "1 found", plain_copy),
    Case("a clock behind the last crawl's", FOLDERS, INTO_DATA, 0, "the clock says", in_the_future),
    Case("a root that lists paths and other names of no project", FOLDERS, INTO_DATA, 0, "7 names", bad_root),
    Case(
        "a report that is to be written where a link is",
        FOLDERS,
        ["report", "--dataset", "{data}", "--format", "markdown", "--out", "report.md"],
        2,
        "report.md",
        linked,
    ),
    Case(
        "a site that is to be written where a link is",
        FOLDERS,
        ["site", "--dataset", "{data}", "--out", "report.md"],
        2,
        "report.md",
        linked,
    ),
    Case(
        "a site that is to be written into the folder of the dataset",
        FOLDERS,
        ["site", "--dataset", "{data}", "--out", "{data}/generations"],
        2,
        "lies in the dataset",
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
