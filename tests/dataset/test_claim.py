"""What belongs to a dataset: anything else is never touched, and no link leads a crawl elsewhere."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import stamina

from audit.crawl import CrawlRequest, crawl
from audit.crawl.index import IndexAddress
from audit.dataset.mark import mark_of, read_mark, write_mark
from audit.dataset.staging import Plan, Staging
from audit.dataset.store import Store
from audit.errors import AuditError, CrawlError, DatasetError
from tests.canary import canary, contents

# Nothing listens there: an error that names the folder came before the index was asked.
NOBODY = IndexAddress("http://127.0.0.1:9/simple/", "http://127.0.0.1:9/pypi/")
ID = "20261123T101500Z"
Plant = Callable[[Path, Path], object]


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    """A crawl does not wait for what is not available."""
    with stamina.set_testing(True, attempts=1):
        yield


def crawl_into(folder: Path, *, is_fresh: bool = False) -> None:
    crawl(CrawlRequest(folder, NOBODY, None, is_fresh=is_fresh), datetime(2026, 11, 24, tzinfo=UTC))


def test_a_folder_that_is_no_dataset_is_never_touched(tmp_path: Path) -> None:
    folder = canary(tmp_path / "thesis")
    before = contents(folder)
    with pytest.raises(DatasetError, match=r"thesis is not empty and not marked as a dataset.*touched"):
        crawl_into(folder, is_fresh=True)
    assert contents(folder) == before


@pytest.mark.parametrize(
    "left", [(), ("crawl.lock",), ("crawl.lock", "crawl.pid", ".crawl.pid.part", ".dataset.json.part")]
)
def test_a_new_folder_is_marked_when_a_crawl_begins(tmp_path: Path, left: tuple[str, ...]) -> None:
    for name in left:
        (tmp_path / name).touch()
    with Store(tmp_path).locked():
        assert read_mark(tmp_path) == mark_of()
    assert {path.name for path in tmp_path.iterdir()} <= {
        "dataset.json",
        "crawl.lock",
        ".dataset.json.part",
        ".crawl.pid.part",
    }
    with Store(tmp_path / "deep" / "down").locked():
        assert read_mark(tmp_path / "deep" / "down") == mark_of()


def test_a_dataset_that_is_older_than_its_mark_gets_one(tmp_path: Path, crawled_sample: Path) -> None:
    shutil.copytree(crawled_sample, tmp_path / "data", symlinks=True)
    (tmp_path / "data" / "dataset.json").unlink()
    before = contents(tmp_path / "data")
    with Store(tmp_path / "data").locked():
        assert read_mark(tmp_path / "data") == mark_of()
    after = contents(tmp_path / "data")
    assert {name: after.get(name) for name in before} == before
    assert after.keys() - before.keys() == {"dataset.json"}


def test_a_mark_is_kept_as_it_is(tmp_path: Path) -> None:
    mark = mark_of("https://packages.example.org/simple/", "simple")
    write_mark(tmp_path, mark)
    with Store(tmp_path).locked():
        assert read_mark(tmp_path) == mark


def plan(crawl_id: str) -> Plant:
    def plant(folder: Path, _: Path) -> None:
        (folder / "staging").mkdir()
        text = f'{{"crawl_id": "{crawl_id}", "api": "json", "index_url": "{NOBODY.simple}"}}'
        (folder / "staging" / "plan.json").write_text(text)

    return plant


def in_folder(name: str, to: str) -> Plant:
    def plant(folder: Path, theirs: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).symlink_to(theirs / to)

    return plant


def file_at(name: str) -> Plant:
    return lambda folder, _: (folder / name).write_text("a file")


HOSTILE: dict[str, Plant] = {
    "plan with a path": plan("../../theirs"),
    "plan with an absolute path": plan("/theirs"),
    "plan with no id": plan("20261323T101500Z"),
    "plan that is a link": in_folder("staging/plan.json", "thesis.txt"),
    "segment that is a link": in_folder("staging/00000000.arrow", "thesis.txt"),
    "part that is a link": in_folder("staging/00000000.part", "thesis.txt"),
    "spill that is a link": in_folder("staging/spill", "events"),
    "staging that is a link": in_folder("staging", "staging"),
    "staging that is a file": file_at("staging"),
    "generations that is a link": in_folder("generations", "generations"),
    "generation that is a link": in_folder(f"generations/{ID}", "events"),
    "current that links elsewhere": in_folder("current", "events"),
    "current that is a file": file_at("current"),
    "table that links elsewhere": in_folder("files.parquet", "files.parquet"),
    "history that links elsewhere": in_folder("events", "events"),
    "mark that is a link": in_folder("dataset.json", "thesis.txt"),
    "lock that is a link": in_folder("crawl.lock", "thesis.txt"),
    "table of another's": file_at("files.parquet"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("is_fresh", [False, True])
def test_a_hostile_folder_leads_no_crawl_elsewhere(tmp_path: Path, name: str, is_fresh: bool) -> None:
    folder, theirs = tmp_path / "data", canary(tmp_path / "theirs")
    folder.mkdir()
    if name != "mark that is a link":
        write_mark(folder, mark_of())
    HOSTILE[name](folder, theirs)
    before = contents(theirs)
    with pytest.raises(AuditError) as refused:
        crawl_into(folder, is_fresh=is_fresh)
    assert "\n" not in str(refused.value)
    assert contents(theirs) == before
    if not (is_fresh and name.startswith("plan with")):  # which --fresh drops, and then asks the index
        assert str(folder) in str(refused.value)


@pytest.mark.parametrize("name", ["crawl.pid", ".crawl.pid.part", ".dataset.json.part", ".current.new"])
def test_a_link_where_a_small_file_goes_is_replaced(tmp_path: Path, name: str) -> None:
    folder, theirs = tmp_path / "data", canary(tmp_path / "theirs")
    folder.mkdir()
    write_mark(folder, mark_of())
    (folder / name).symlink_to(theirs / "thesis.txt")
    before = contents(theirs)
    with pytest.raises(CrawlError, match="cannot be fetched"):
        crawl_into(folder)
    assert contents(theirs) == before


def test_a_link_in_a_staging_that_came_later_is_refused_by_the_commit(tmp_path: Path) -> None:
    theirs = canary(tmp_path / "theirs")
    before = contents(theirs)
    store = Store(tmp_path / "data")
    with store.locked():
        staging = Staging(store.staging)
        staging.begin(Plan(ID, "json", NOBODY.simple))
        (staging.folder / "spill").symlink_to(theirs)
        with pytest.raises(OSError, match="symbolic link"):
            staging.spill()
        (tmp_path / "data" / "generations").symlink_to(theirs)
        with pytest.raises(DatasetError, match="outside the dataset: nothing is written"):
            store.generation(ID)
        with pytest.raises(DatasetError, match=r"'\.\./\.\./x' is not a crawl"):
            store.generation("../../x")
    assert contents(theirs) == before


def test_names_of_another_length_are_no_segments(tmp_path: Path) -> None:
    staging = Staging(tmp_path / "staging")
    staging.begin(Plan(ID, "json", NOBODY.simple))
    (staging.folder / "x.arrow").touch()
    assert (staging.segments(), staging.next_number) == ([], 0)


def test_a_question_makes_nothing_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "crawl.pid").write_text('{"pid": 1}')
    assert Store(tmp_path).writer is None
    assert Store(tmp_path / "none").writer is None
    assert [path.name for path in tmp_path.iterdir()] == ["crawl.pid"]


def test_a_folder_may_be_reached_by_a_link_of_the_users(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "data").symlink_to("disk")
    with Store(tmp_path / "data").locked():
        assert Store(tmp_path / "data").generation(ID) == tmp_path / "data" / "generations" / ID
