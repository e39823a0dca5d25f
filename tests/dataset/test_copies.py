"""A plain copy can be crawled into again, with all of its history; or it is refused as it was."""

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from audit.crawl import CrawlRequest, crawl
from audit.crawl.index import resolve_address
from audit.dataset.copies import find_copy
from audit.dataset.schema import SNAPSHOT_TABLES
from audit.dataset.snapshot import find_snapshot
from audit.dataset.store import Store
from audit.errors import DatasetError
from audit.model import Api
from audit.replay.server import serving
from tests.canary import contents
from tests.crawled import START
from tests.pages import file, record

FIRST, SECOND = "20261123T101500Z", "20261124T101500Z"


def crawl_day(pages: Path, folder: Path, day: int) -> None:
    """The crawl of one day, which finds one file more than that of the day before."""
    files = [file(f"spam-1.0.post{number}.tar.gz") for number in range(day + 1)]
    record(pages, "spam", files, ["1.0"], serial=day + 1)
    with serving(pages) as address:
        request = CrawlRequest(folder, resolve_address(address), None, Api.SIMPLE, is_moved=True)
        crawl(request, START + timedelta(days=day))


@pytest.fixture(scope="module")
def crawled_twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("twice")
    for day in (0, 1):
        crawl_day(folder / "pages", folder / "data", day)
    return folder / "data"


@pytest.fixture(scope="module")
def crawled_again(crawled_twice: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same dataset a crawl later, which was no copy."""
    folder: Path = tmp_path_factory.mktemp("again")
    shutil.copytree(crawled_twice, folder / "data", symlinks=True)
    crawl_day(folder / "pages", folder / "data", 2)
    return folder / "data"


def tables(folder: Path) -> dict[str, bytes]:
    """The tables that a reader finds, by their names."""
    snapshot = find_snapshot(folder)
    names = [*snapshot.glob("*.parquet"), *snapshot.glob("events/*"), *snapshot.glob("crawls/*")]
    return {str(path.relative_to(snapshot)): path.read_bytes() for path in names}


def cp(data: Path, copy: Path) -> None:
    subprocess.run(["cp", "-rL", data, copy], check=True)


def zipped(data: Path, copy: Path) -> None:
    """As the standard library packs a folder: a link to a folder becomes an empty one."""
    shutil.unpack_archive(shutil.make_archive(str(copy), "zip", data), copy)


def one_commit(data: Path, copy: Path) -> None:
    cp(data / "current", copy)


def only_tables_and_current(data: Path, copy: Path) -> None:
    cp(data, copy)
    shutil.rmtree(copy / "generations")


def only_current(data: Path, copy: Path) -> None:
    copy.mkdir()
    cp(data / "current", copy / "current")


def current_over_an_older(data: Path, copy: Path) -> None:
    cp(data, copy)
    shutil.rmtree(copy / "generations" / SECOND)


def without_mark(data: Path, copy: Path) -> None:
    cp(data, copy)
    (copy / "dataset.json").unlink()


def with_a_link_to_nothing(data: Path, copy: Path) -> None:
    cp(data / "current", copy)
    (copy / "current").symlink_to("generations/20261101T000000Z")


COPIES: list[Callable[[Path, Path], None]] = [
    cp,
    zipped,
    one_commit,
    only_tables_and_current,
    only_current,
    current_over_an_older,
    without_mark,
    with_a_link_to_nothing,
]


@pytest.mark.parametrize("made", COPIES)
def test_a_copy_is_crawled_into_with_all_of_its_history(
    made: Callable[[Path, Path], None], crawled_twice: Path, crawled_again: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    made(crawled_twice, copy)
    expected = tables(crawled_twice)
    with Store(copy).locked():
        assert tables(copy) == expected
        assert find_copy(copy) is None
    crawl_day(tmp_path / "pages", copy, 2)
    undisturbed, mine = tables(crawled_again), tables(copy)
    assert mine.keys() == undisturbed.keys()
    for name in ("files.parquet", "releases.parquet", f"events/{SECOND}.parquet", f"crawls/{FIRST}.parquet"):
        assert mine[name] == undisturbed[name], name
    links = ["current", "files.parquet", "releases.parquet", "projects.parquet", "events", "crawls"]
    assert all((copy / name).is_symlink() for name in links)
    assert sorted(path.name for path in (copy / "generations").iterdir()) == [SECOND, "20261125T101500Z"]


def test_a_copy_without_its_history_is_refused_as_it_was(crawled_twice: Path, tmp_path: Path) -> None:
    for name in (table.name for table in SNAPSHOT_TABLES):
        shutil.copy(crawled_twice / f"{name}.parquet", tmp_path)
    before = contents(tmp_path)
    with pytest.raises(DatasetError, match="a copy without its crawls/"), Store(tmp_path).locked():
        pass  # pragma: no cover - refused before
    assert contents(tmp_path) == before


def other_table(copy: Path) -> Path:
    path = copy / "releases.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"2")
    return path


def note_in_history(copy: Path) -> Path:
    path = copy / "events" / "note.txt"
    path.write_text("mine")
    return path


def note_in_current(copy: Path) -> Path:
    path = copy / "current" / "deep" / "note.txt"
    path.parent.mkdir()
    path.write_text("mine")
    return path


def link_in_history(copy: Path) -> Path:
    path = copy / "crawls" / "20261101T000000Z.parquet"
    path.symlink_to("/etc/hostname")
    return path


def other_generation(copy: Path) -> Path:
    path = copy / "generations" / SECOND / "events" / f"{FIRST}.parquet"
    path.write_bytes((path.parent / f"{SECOND}.parquet").read_bytes())
    return copy / "current" / "events" / f"{FIRST}.parquet"


@pytest.mark.parametrize("spoiled", [other_table, note_in_history, note_in_current, link_in_history, other_generation])
def test_what_would_be_lost_is_named_and_nothing_is_changed(
    spoiled: Callable[[Path], Path], crawled_twice: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    cp(crawled_twice, copy)
    named = spoiled(copy)
    before = contents(copy)
    with pytest.raises(DatasetError, match=r"differs from .*a crawl would drop it") as refused, Store(copy).locked():
        pass  # pragma: no cover - refused before
    assert str(named) in str(refused.value)
    assert contents(copy) == before


def test_a_copy_costs_no_second_copy_of_its_tables(crawled_twice: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    one_commit(crawled_twice, copy)
    number = (copy / "files.parquet").stat().st_ino
    with Store(copy).locked():
        assert os.stat(copy / "files.parquet").st_ino == number


def test_a_copy_of_another_schema_is_refused_by_its_version(crawled_twice: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    one_commit(crawled_twice, copy)
    table = pq.read_table(copy / "files.parquet")
    pq.write_table(table.replace_schema_metadata({"release-audit.schema": "1"}), copy / "files.parquet")
    before = contents(copy)
    with pytest.raises(DatasetError, match=r"not marked as a dataset.*schema version 1"), Store(copy).locked():
        pass  # pragma: no cover - refused before
    assert contents(copy) == before


def test_a_name_that_was_lost_is_linked_again(crawled_twice: Path, tmp_path: Path) -> None:
    shutil.copytree(crawled_twice, tmp_path / "copy", symlinks=True)
    (tmp_path / "copy" / "crawls").unlink()
    (tmp_path / "copy" / ".crawls.new").symlink_to("current/crawls")
    with Store(tmp_path / "copy").locked():
        assert (tmp_path / "copy" / "crawls").is_dir()
        assert not (tmp_path / "copy" / ".crawls.new").is_symlink()
