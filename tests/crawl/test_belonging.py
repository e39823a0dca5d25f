"""A dataset belongs to one index."""

from datetime import timedelta
from pathlib import Path

import pytest
import stamina
from packaging.utils import NormalizedName

from audit.crawl import CrawlRequest, crawl
from audit.crawl.index import resolve_address
from audit.dataset.mark import read_mark
from audit.errors import CrawlError, UsageError
from audit.model import Api, Summary
from audit.replay.server import serving
from tests.crawled import START
from tests.pages import spam


def run(address: str, folder: Path, day: int = 0, *, is_moved: bool = False, api: Api | None = None) -> Summary:
    projects = [NormalizedName("spam")]
    request = CrawlRequest(folder, resolve_address(address), projects, api, is_moved=is_moved)
    return crawl(request, START + timedelta(days=day))


def test_another_index_is_refused_unless_it_is_the_same_one(tmp_path: Path) -> None:
    pages, data = tmp_path / "pages", tmp_path / "data"
    spam(pages, "spam-1.0.tar.gz")
    with serving(pages) as first, serving(pages) as second:
        run(first, data)
        assert read_mark(data) is not None
        with pytest.raises(UsageError, match=f"belongs to {first}, not to {second}.*--moved-index") as caught:
            run(second, data, 1)
        assert "\n" not in str(caught.value)
        assert run(first.replace("http://", "http://me:s3cret@").rstrip("/"), data, 2).outcomes == {"unchanged": 1}
        run(second, data, 3, is_moved=True)
        assert run(second, data, 4).outcomes == {"unchanged": 1}
        with pytest.raises(UsageError, match=f"belongs to {second}"):
            run(first, data, 5)
    mark = read_mark(data)
    assert mark is not None
    assert (mark.index_url, mark.api) == (second, "json")
    assert "s3cret" not in (data / "dataset.json").read_text()


def test_before_the_first_commit_nothing_belongs_to_anybody(tmp_path: Path) -> None:
    pages, data = tmp_path / "pages", tmp_path / "data"
    spam(pages, "spam-1.0.tar.gz")
    with stamina.set_testing(True), pytest.raises(CrawlError):  # no test waits for the next attempt
        run("http://127.0.0.1:9/simple/", data)
    with serving(pages) as address:
        assert run(address, data).outcomes == {"found": 1}


def test_a_crawl_that_commits_nothing_leaves_the_mark(tmp_path: Path) -> None:
    pages, data = tmp_path / "pages", tmp_path / "data"
    spam(pages, "spam-1.0.tar.gz")
    with serving(pages) as first:
        run(first, data)
    before = (data / "dataset.json").read_bytes()
    (pages / "index" / "spam.json.gz").unlink()
    with serving(pages) as second, pytest.raises(CrawlError, match="--allow-vanishing"):
        run(second, data, 1, is_moved=True)
    assert (data / "dataset.json").read_bytes() == before
