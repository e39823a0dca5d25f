"""Every fault of the table, over real sockets: one recorded outcome, the right reason, the other projects untouched."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import NormalizedName

from audit.errors import CrawlError
from audit.model import Api
from tests.faults.conftest import Clock
from tests.faults.documents import FAULTY, HEALTHY, MANNERS, PAGE, crawl_once, document, file, filenames, heal, rows
from tests.faults.faults import DOCUMENT, FAULTS, Fault, file_at
from tests.faults.server import FaultServer, answer, refuse_from_now_on, reset_after, say

ALL = (*HEALTHY, FAULTY)
HEALTHY_FILES = ["eggs-1.0.tar.gz", "ham-1.0.tar.gz"]
ALL_FILES = [*HEALTHY_FILES, "spam-1.0.tar.gz"]
# What a next crawl finds of a fault is its outcome: one fault of each is tried at once, all of them among the slow.
_OF_EACH_OUTCOME = {fault.outcome: fault.name for fault in FAULTS}.values()
MENDED = [
    pytest.param(fault, id=fault.name, marks=[] if fault.name in _OF_EACH_OUTCOME else pytest.mark.slow)
    for fault in FAULTS
]


def crawl_of(fault: Fault, server: FaultServer, dataset: Path) -> dict[str, dict[str, Any]]:
    """The rows of a crawl of the fault beside the healthy, by project; the summary adds up to them."""
    heal(server, *HEALTHY)
    server.script(FAULTY, *fault.script)
    projects: Sequence[NormalizedName] | None = ALL
    if fault.promised_serial is not None:
        server.script_root({"eggs": None, "ham": None, FAULTY: fault.promised_serial})
        projects = None
    summary = crawl_once(server, dataset, projects=projects, manners=replace(MANNERS, **fault.manners))
    found = rows(dataset, "crawls")
    assert summary.asked == len(found) == 3
    assert sum(summary.failures.values()) == (fault.outcome != "found")
    assert summary.is_complete == (fault.outcome == "found")
    return {row["project"]: row for row in found}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_one_outcome(
    fault: Fault, server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit.crawl.fetch.fetcher.LARGEST_DOCUMENT_BYTES", fault.largest_bytes)
    results = crawl_of(fault, server, tmp_path)
    assert [results[name]["outcome"] for name in HEALTHY] == ["found", "found"]
    row = results[FAULTY]
    assert (row["outcome"], row["reason"], row["attempts"]) == (fault.outcome, fault.reason, fault.attempts), row[
        "detail"
    ]
    [project] = [row for row in rows(tmp_path, "projects.parquet") if row["project"] == FAULTY]
    assert (project["last_outcome"], project["failure_reason"]) == (fault.outcome, fault.reason)
    assert filenames(tmp_path) == (ALL_FILES if fault.outcome == "found" else HEALTHY_FILES)


@pytest.mark.parametrize("fault", MENDED)
def test_a_fault_is_mended_by_the_next_crawl(
    fault: Fault, server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit.crawl.fetch.fetcher.LARGEST_DOCUMENT_BYTES", fault.largest_bytes)
    crawl_of(fault, server, tmp_path)
    heal(server, FAULTY)
    assert crawl_once(server, tmp_path, 1, projects=ALL).is_complete
    assert filenames(tmp_path) == ALL_FILES
    assert rows(tmp_path, "events") == []


def test_a_refused_connection_is_one_outcome(server: FaultServer, tmp_path: Path) -> None:
    heal(server, *HEALTHY)
    server.script(FAULTY, refuse_from_now_on)
    one = replace(MANNERS, workers=1)
    summary = crawl_once(server, tmp_path, projects=ALL, manners=one)
    assert (summary.outcomes, summary.failures) == ({"found": 2, "failed": 1}, {"connect": 1})
    with pytest.raises(
        CrawlError, match=r"none of the 3 projects .* usable answer \(3 x connect; the first: .*Cannot connect"
    ):
        crawl_once(server, tmp_path, 1, projects=ALL, manners=one)
    assert filenames(tmp_path) == HEALTHY_FILES, "a project that cannot be reached keeps what it had"
    heal(server, FAULTY)
    server.listen()
    assert crawl_once(server, tmp_path, 2, projects=ALL).is_complete
    assert filenames(tmp_path) == ALL_FILES


@pytest.mark.parametrize("passing", [reset_after(b""), say(answer(b"", status="503 Service Unavailable"))])
def test_a_fault_that_passes_leaves_no_failure(passing: Any, server: FaultServer, tmp_path: Path) -> None:
    heal(server, *HEALTHY)
    server.script(FAULTY, passing, say(answer(DOCUMENT)))
    # The faulty one first, on a connection of its own: one that was good before, the transport itself tries once more.
    first = (FAULTY, *HEALTHY)
    assert crawl_once(server, tmp_path, projects=first, manners=replace(MANNERS, workers=1)).is_complete
    assert {row["project"]: row["attempts"] for row in rows(tmp_path, "crawls")} == {"eggs": 1, "ham": 1, "spam": 2}


def test_a_server_that_ends_its_connection_after_a_redirect_is_asked_again_on_a_fresh_one(
    server: FaultServer, tmp_path: Path
) -> None:
    heal(server, *HEALTHY)
    server.script(FAULTY, say(answer(b"", "Location: /moved", status="302 Found")))
    server.scripts["/moved"] = [say(b"", is_last=True), say(answer(DOCUMENT))]
    assert crawl_once(server, tmp_path, projects=ALL).is_complete
    assert {row["project"]: row["attempts"] for row in rows(tmp_path, "crawls")} == dict.fromkeys(ALL, 1)
    assert server.asked.count("/moved") == 2


def test_a_redirect_that_always_ends_the_connection_is_a_fault(server: FaultServer, tmp_path: Path) -> None:
    heal(server, *HEALTHY)
    server.script(FAULTY, say(answer(b"", "Location: /moved", status="302 Found")))
    server.scripts["/moved"] = [say(b"", is_last=True)]
    assert crawl_once(server, tmp_path, projects=ALL).failures == {"reset": 1}
    assert server.asked.count("/moved") == 4


def test_retry_after_is_slept_before_the_next_request(server: FaultServer, tmp_path: Path, clock: Clock) -> None:
    heal(server, *HEALTHY)
    busy = answer(b"", "Retry-After: 7", status="429 Too Many Requests")
    server.script(FAULTY, say(busy), say(answer(DOCUMENT)))
    assert crawl_once(server, tmp_path, projects=ALL, manners=replace(MANNERS, workers=1)).is_complete
    assert clock.slept == [7.0]


def test_an_answer_that_nobody_waits_for_is_not_taken_for_the_next(server: FaultServer, tmp_path: Path) -> None:
    heal(server, *HEALTHY)
    forged = document("ham", file("ham-6.6.tar.gz"), version="6.6")
    server.script("eggs", say(answer(document("eggs")) + answer(forged)))
    crawl_once(server, tmp_path, projects=HEALTHY, manners=replace(MANNERS, workers=1))
    assert filenames(tmp_path) == HEALTHY_FILES


TIMES = [
    ("2020-01-01T00:00:00Z", datetime(2020, 1, 1, tzinfo=UTC)),
    ("2020-01-01T00:00:00.123456789Z", datetime(2020, 1, 1, 0, 0, 0, 123457, tzinfo=UTC)),
    ("2020-01-01T01:30:00+01:30", datetime(2020, 1, 1, tzinfo=UTC)),
    ("2999-01-01T00:00:00.000001Z", datetime(2999, 1, 1, 0, 0, 0, 1, tzinfo=UTC)),
    ("1969-12-31T23:59:59.999999Z", datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
    (None, None),
]


@pytest.mark.parametrize(("time", "expected"), TIMES)
def test_odd_times_are_kept_exactly(
    time: str | None, expected: datetime | None, server: FaultServer, tmp_path: Path
) -> None:
    server.script(FAULTY, say(answer(file_at(time))))
    assert crawl_once(server, tmp_path, projects=[FAULTY]).is_complete
    [row] = rows(tmp_path, "files.parquet")
    assert row["uploaded_at"] == expected


def test_a_name_in_the_root_that_no_project_can_have_is_not_asked_for(server: FaultServer, tmp_path: Path) -> None:
    heal(server, *HEALTHY)
    tricks = ["../../etc/passwd", "/etc/passwd", "%2e%2e", "a b", "", "..", "x?y", "x#y", "x" * 1001]
    server.script_root(dict.fromkeys([*tricks, *HEALTHY]))
    summary = crawl_once(server, tmp_path / "data", projects=None, record=tmp_path / "kept")
    assert (summary.outcomes, summary.misnamed_count) == ({"found": 2}, len(tricks))
    assert sorted(server.asked) == ["/pypi/eggs/json", "/pypi/ham/json", "/simple/"]
    assert sorted(path.name for path in tmp_path.rglob("*.gz")) == ["eggs.json.gz", "ham.json.gz"]


def test_many_names_that_are_none_do_not_stop_the_crawl(server: FaultServer, tmp_path: Path) -> None:
    heal(server, *HEALTHY)
    server.script_root(dict.fromkeys([*(f"-{n}" for n in range(60)), *HEALTHY]))
    summary = crawl_once(server, tmp_path, projects=None)
    assert (summary.misnamed_count, summary.is_complete) == (60, True)
    assert filenames(tmp_path) == HEALTHY_FILES


@pytest.mark.parametrize("api", Api)
def test_both_apis_meet_a_fault_alike(api: Api, server: FaultServer, tmp_path: Path) -> None:
    server.script(FAULTY, say(b"", is_last=True))
    with pytest.raises(CrawlError, match="1 x reset"):
        crawl_once(server, tmp_path, projects=[FAULTY], api=api)
    assert set(server.asked) == {PAGE if api is Api.JSON else "/simple/spam/"}
