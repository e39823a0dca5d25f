"""Entity tags that lie: what the serial or the body says counts."""

from pathlib import Path

import pytest

from audit.errors import CrawlError
from tests.faults.documents import FAULTY, HEALTHY, crawl_once, document, file, filenames, heal, rows
from tests.faults.server import FaultServer, answer, say

SAME = 'ETag: "same"'
GROWN = document(FAULTY, file("spam-1.0.tar.gz"), file("spam-1.0.zip"), serial=2)


def not_modified(*headers: str) -> bytes:
    return answer(b"", SAME, *headers, status="304 Not Modified")


@pytest.fixture
def known(server: FaultServer, tmp_path: Path) -> Path:
    """A dataset that knows the project with a tag and serial 1."""
    server.script(FAULTY, say(answer(document(serial=1), SAME)))
    assert crawl_once(server, tmp_path, projects=[FAULTY]).is_complete
    server.heads.clear()
    return tmp_path


def test_an_honest_304_changes_nothing(server: FaultServer, known: Path) -> None:
    server.script(FAULTY, say(not_modified("X-PyPI-Last-Serial: 1")))
    summary = crawl_once(server, known, 1, projects=[FAULTY])
    assert (summary.outcomes, summary.request_count) == ({"unchanged": 1}, 1)
    assert 'if-none-match: "same"' in server.heads[0].lower()


def test_a_304_whose_serial_moved_is_not_believed(server: FaultServer, known: Path) -> None:
    server.script(FAULTY, say(not_modified("X-PyPI-Last-Serial: 2")), say(answer(GROWN, SAME)))
    summary = crawl_once(server, known, 1, projects=[FAULTY])
    assert (summary.outcomes, summary.request_count, summary.events) == ({"found": 1}, 2, {"appeared": 1})
    assert "if-none-match" not in server.heads[1].lower()


def test_a_304_that_is_all_it_ever_says_is_a_failure(server: FaultServer, known: Path) -> None:
    server.script(FAULTY, say(not_modified("X-PyPI-Last-Serial: 2")))
    with pytest.raises(CrawlError, match=r"1 x unasked-304"):
        crawl_once(server, known, 1, projects=[FAULTY])
    [row] = rows(known, "projects.parquet")
    assert (row["serial"], row["file_count"]) == (1, 1), "what was known stays"


def test_the_same_tag_with_other_content_is_read(server: FaultServer, known: Path) -> None:
    server.script(FAULTY, say(answer(GROWN, SAME)))
    assert crawl_once(server, known, 1, projects=[FAULTY]).events == {"appeared": 1}
    assert filenames(known) == ["spam-1.0.tar.gz", "spam-1.0.zip"]


def test_a_page_that_does_not_fit_leaves_no_tag_behind(server: FaultServer, known: Path) -> None:
    heal(server, *HEALTHY)
    server.script(FAULTY, say(answer(b"{", 'ETag: "broken"')))
    assert crawl_once(server, known, 1, projects=[*HEALTHY, FAULTY]).failures == {"not-json": 1}
    server.heads.clear()
    server.script(FAULTY, say(answer(GROWN, SAME)))
    assert crawl_once(server, known, 2, projects=[FAULTY]).outcomes == {"found": 1}
    assert "if-none-match" not in server.heads[0].lower()
