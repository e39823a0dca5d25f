"""A crawl in which everything that was known is missing commits nothing, unless that is allowed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from packaging.utils import NormalizedName

from audit.crawl import CrawlRequest, crawl
from audit.crawl.fetch import Manners
from audit.crawl.index import resolve_address
from audit.dataset.dataset import Dataset
from audit.errors import CrawlError
from audit.model import Api, Summary
from tests.crawl.test_choice import NOT_FOUND, page
from tests.crawled import START
from tests.faults.documents import document
from tests.faults.server import FaultServer, answer, running, say

ALL = ("eggs", "ham", "spam")
# So few that the root is not asked for.
MANNERS = Manners(attempts=1)


class Index:
    """A server, a dataset and a calendar."""

    def __init__(self, server: FaultServer, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.day = 0

    def publish(self, *names: str) -> None:
        for name in names:
            self.server.scripts[f"/pypi/{name}/json"] = [say(answer(document(name)))]
            self.server.scripts[f"/simple/{name}/"] = [page(name, f"{name}-1.0.tar.gz")]

    def take_away(self, *names: str) -> None:
        for name in names:
            self.server.script(name, NOT_FOUND)

    def empty(self, *names: str) -> None:
        for name in names:
            self.server.scripts[f"/simple/{name}/"] = [page(name)]

    def root(self, *names: str, serial: int | None = None) -> None:
        self.server.script_root(dict.fromkeys(names, serial))

    def crawl(self, *names: str, api: Api = Api.JSON, may_vanish: bool = False) -> Summary:
        self.day += 1
        projects = [NormalizedName(name) for name in names] or None
        address = resolve_address(self.server.root)
        request = CrawlRequest(self.folder, address, projects, api, MANNERS, may_vanish=may_vanish)
        return crawl(request, START + timedelta(days=self.day))

    def events(self) -> list[str]:
        with Dataset(self.folder) as dataset:
            return [row["event"] for row in dataset.sql("select event from events").rows()]

    def files(self) -> int:
        with Dataset(self.folder) as dataset:
            return dataset.describe().file_count


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with running() as server:
        found = Index(server, tmp_path)
        found.publish(*ALL)
        yield found


def test_all_that_was_known_is_missing(index: Index) -> None:
    index.crawl(*ALL)
    index.take_away(*ALL)
    with pytest.raises(CrawlError, match=r"all 3 known projects.*--allow-vanishing") as caught:
        index.crawl(*ALL)
    assert "\n" not in str(caught.value)
    assert (index.events(), index.files()) == ([], 3)


def test_the_next_night_asks_again(index: Index) -> None:
    index.crawl(*ALL)
    index.take_away(*ALL)
    with pytest.raises(CrawlError):
        index.crawl(*ALL)
    index.publish(*ALL)
    assert index.crawl(*ALL).outcomes == {"found": 3}
    assert index.events() == []


def test_it_is_committed_where_that_is_meant(index: Index) -> None:
    index.crawl(*ALL)
    index.take_away(*ALL)
    assert index.crawl(*ALL, may_vanish=True).events == {"vanished": 3}
    with pytest.raises(
        CrawlError, match=r"lists none of the 3 projects asked for \(eggs, ham, spam\).*--allow-vanishing"
    ):
        index.crawl(*ALL)
    again = index.crawl(*ALL, may_vanish=True)
    assert (again.outcomes, again.events) == ({"missing": 3}, {}), "and from then on it is not news"


def test_the_wrong_api(index: Index) -> None:
    index.crawl(*ALL, api=Api.SIMPLE)
    for name in ALL:
        del index.server.scripts[f"/pypi/{name}/json"]
    with pytest.raises(CrawlError, match=r"the wrong --api \(json\)"):
        index.crawl(*ALL, api=Api.JSON)


def test_pages_that_turn_empty_are_missing_files_too(index: Index) -> None:
    index.crawl(*ALL, api=Api.SIMPLE)
    index.empty(*ALL)
    with pytest.raises(CrawlError, match="all 3 known projects"):
        index.crawl(*ALL, api=Api.SIMPLE)
    assert index.files() == 3


def test_one_that_is_still_there_speaks_for_the_index(index: Index) -> None:
    index.crawl(*ALL)
    index.take_away("eggs", "ham")
    assert index.crawl(*ALL).events == {"vanished": 2}


@pytest.mark.parametrize("how", ["take_away", "empty"])
def test_of_two_that_are_asked_for_another_speaks(index: Index, how: str) -> None:
    index.crawl(*ALL, api=Api.SIMPLE)
    getattr(index, how)("eggs", "ham")
    index.server.heads.clear()
    assert index.crawl("eggs", "ham", api=Api.SIMPLE).events == {"vanished": 2}
    assert index.server.asked[-1] == "/simple/spam/", "it was asked to make sure"


def test_of_one_too_and_where_nobody_speaks_nothing_is_committed(index: Index) -> None:
    index.crawl(*ALL)
    index.take_away(*ALL)
    with pytest.raises(CrawlError, match=r"all 1 known projects that answered \(spam\) and 2 more asked to make sure"):
        index.crawl("spam")


def test_a_failure_speaks_for_nobody(index: Index) -> None:
    index.crawl(*ALL)
    index.take_away("eggs", "ham")
    index.server.script("spam", say(answer(b"", status="503 Gone to lunch")))
    with pytest.raises(CrawlError, match="all 2 known projects"):
        index.crawl(*ALL)


def test_a_serial_that_has_not_moved_says_nothing_of_pages(index: Index) -> None:
    index.root(*ALL, serial=1)
    index.crawl()
    index.root("eggs", "ham", serial=1)
    index.take_away(*ALL)
    with pytest.raises(CrawlError, match=r"all 1 known projects that answered \(spam\) and 2 more"):
        index.crawl()
    index.publish("eggs")
    assert index.crawl().events == {"vanished": 1}


def test_a_quarantine_is_an_answer(index: Index) -> None:
    index.crawl("spam", api=Api.SIMPLE)
    quarantined = page("spam", **{"project-status": {"status": "quarantined"}})
    index.server.scripts["/simple/spam/"] = [quarantined]
    assert index.crawl("spam", api=Api.SIMPLE).outcomes == {"quarantined": 1}


@pytest.mark.parametrize("may_vanish", [False, True])
def test_names_that_no_index_knows_are_no_crawl(index: Index, may_vanish: bool) -> None:
    message = (
        r"the JSON API at .*/pypi/ lists none of the 2 projects asked for \(no-such, nor-this\): check the names and"
    )
    with pytest.raises(CrawlError, match=rf"{message} --index-url\. Nothing is committed$") as caught:
        index.crawl("no-such", "nor-this", may_vanish=may_vanish)
    assert "\n" not in str(caught.value)
    assert sorted(each.name for each in index.folder.iterdir()) == ["crawl.lock", "dataset.json"]
    index.crawl("spam")
    with pytest.raises(CrawlError, match=message):
        index.crawl("no-such", "nor-this", may_vanish=may_vanish)
    assert index.crawl("no-such", "spam").outcomes == {"missing": 1, "found": 1}, "beside one that is there"


def test_the_first_crawl_through_an_api_that_the_index_has_not(index: Index) -> None:
    for name in ALL:
        del index.server.scripts[f"/pypi/{name}/json"]
    with pytest.raises(
        CrawlError,
        match=r"\(eggs, ham, spam\): its Index API lists eggs: check --index-url, or ask with --api simple\. Noth",
    ):
        index.crawl(*ALL, api=Api.JSON)
    assert index.crawl(*ALL, api=Api.SIMPLE).outcomes == {"found": 3}, "nothing is left of the other one"


def test_what_failed_beside_is_reported(index: Index) -> None:
    index.server.script("spam", say(answer(b"", status="503 Gone to lunch")))
    with pytest.raises(CrawlError, match=r"none of the 1 project asked for \(no-such\), 1 more failed: check"):
        index.crawl("no-such", "spam")


def test_one_that_failed_before_may_be_missing_if_the_index_is_well(index: Index) -> None:
    index.server.script("spam", say(answer(b"", status="503 Gone to lunch")))
    index.crawl(*ALL)
    index.take_away("spam")
    assert index.crawl("spam").outcomes == {"missing": 1}
    index.take_away("eggs", "ham")
    with pytest.raises(CrawlError, match=r"asked for \(spam\) and 2 more asked to make sure: check the names"):
        index.crawl("spam")


MANY_NAMES = [f"p{number:02}" for number in range(20)]


@pytest.fixture
def large(index: Index) -> Index:
    index.publish(*MANY_NAMES)
    return index


@pytest.mark.parametrize("how", ["take_away", "empty"])
def test_most_of_many_are_gone(large: Index, how: str) -> None:
    large.crawl(*MANY_NAMES, api=Api.SIMPLE)
    getattr(large, how)(*MANY_NAMES[:11])
    with pytest.raises(
        CrawlError, match=r"11 of the 20 known projects that answered \(p\d+, .*--allow-vanishing"
    ) as caught:
        large.crawl(*MANY_NAMES, api=Api.SIMPLE)
    assert "\n" not in str(caught.value)
    assert (large.events(), large.files()) == ([], 20)
    assert large.crawl(*MANY_NAMES, api=Api.SIMPLE, may_vanish=True).events == {"vanished": 11}


@pytest.mark.parametrize(("asked", "gone"), [(20, 10), (17, 9)])
def test_half_of_many_may_go_and_most_of_a_few(large: Index, asked: int, gone: int) -> None:
    large.crawl(*MANY_NAMES[:asked])
    large.take_away(*MANY_NAMES[:gone])
    assert large.crawl(*MANY_NAMES[:asked]).events == {"vanished": gone}


def test_what_failed_is_none_of_those_that_answered(large: Index) -> None:
    large.crawl(*MANY_NAMES[:19])
    large.take_away(*MANY_NAMES[:10])
    large.server.script(MANY_NAMES[18], say(answer(b"", status="503 Gone to lunch")))
    large.server.script(MANY_NAMES[17], say(answer(b"", status="503 Gone to lunch")))
    with pytest.raises(CrawlError, match="10 of the 17 known"):
        large.crawl(*MANY_NAMES[:19])


def test_serials_speak_for_the_index_where_its_root_has_dropped_what_is_gone(large: Index) -> None:
    large.root(*MANY_NAMES, *ALL, serial=1)
    large.crawl()
    large.take_away(*MANY_NAMES[:11])
    large.root(*MANY_NAMES[11:], *ALL, serial=1)
    assert large.crawl().events == {"vanished": 11}, "12 have not moved"


def test_serials_do_not_speak_for_pages_that_the_root_lists(large: Index) -> None:
    large.root(*MANY_NAMES, *ALL, serial=1)
    large.crawl()
    large.take_away(*MANY_NAMES[:10])
    moved = MANY_NAMES[:15]
    serials: dict[str, int | None] = {name: 2 if name in moved else 1 for name in [*MANY_NAMES, *ALL]}
    large.server.script_root(serials)
    for name in MANY_NAMES[10:15]:
        large.server.scripts[f"/pypi/{name}/json"] = [say(answer(document(name, serial=2)))]
    with pytest.raises(CrawlError, match="10 of the 15 known"):
        large.crawl()
