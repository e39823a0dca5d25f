"""A process that decodes is killed: the batch is done again, and a page that kills is one project's failure."""

import multiprocessing
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import pytest
from packaging.utils import NormalizedName

from audit.crawl import beside
from audit.crawl.beside import WORTH_A_PROCESS, beside_the_loop
from audit.crawl.worker import Job
from audit.dataset.staging import read_segment
from audit.errors import CrawlError
from audit.model import Api, Ask, Fetched, Outcome, Page, Result
from tests.faults.documents import document


class Deadly(bytes):
    """A body that gets the process killed when it is read, as if memory ran out; the first one is not killed."""

    def __len__(self) -> int:
        if multiprocessing.parent_process() is not None:
            os.kill(os.getpid(), signal.SIGKILL)
        return 1


def page(name: str, body: bytes | None = None) -> Page:
    answer = Fetched(200, document(name) if body is None else body, attempts=2)
    return Page(Ask(NormalizedName(name)), answer, duration_ms=7)


def run(*jobs: Job) -> list[list[Result]]:
    """The results of the jobs, run at the same time."""
    found: list[list[Result]] = [[] for _ in jobs]

    async def one(runner: beside.Runner, number: int) -> None:
        found[number] = await runner(jobs[number])

    async def all_of_them() -> None:
        with beside_the_loop(WORTH_A_PROCESS) as (runner, _):
            async with anyio.create_task_group() as group:
                for number in range(len(jobs)):
                    group.start_soon(one, runner, number)

    anyio.run(all_of_them)
    return found


def job(folder: Path, number: int, items: Sequence[Page | Result]) -> Job:
    return Job(items, Api.JSON, folder / f"{number:08d}.arrow")


@pytest.mark.slow  # it starts a process for every page
def test_a_page_that_kills_is_one_failure_and_no_other_page_is_lost(tmp_path: Path) -> None:
    names = [f"p{number:02d}" for number in range(9)]
    failed = Result(NormalizedName("q"), Outcome.FAILED, "http-403", attempts=1)
    items: list[Page | Result] = [failed, *(page(name, Deadly(b"xx") if name == "p04" else None) for name in names)]
    other = job(tmp_path, 1, [page("eggs")])
    mixed, healthy = run(job(tmp_path, 0, items), other)
    assert [result.outcome for result in healthy] == ["found"]
    outcomes = {result.project: (str(result.outcome), result.reason) for result in mixed}
    assert outcomes.pop(NormalizedName("p04")) == ("failed", "decoder-died")
    assert outcomes.pop(NormalizedName("q")) == ("failed", "http-403")
    assert set(outcomes.values()) == {("found", None)}
    assert len(outcomes) == 8
    rows = read_segment(tmp_path / "00000000.arrow", "results").to_pylist()
    assert [(row["project"], row["attempts"]) for row in rows if row["reason"] == "decoder-died"] == [("p04", 2)]
    assert len(rows) == 10
    assert read_segment(tmp_path / "00000001.arrow", "files").num_rows == 1


def test_a_process_that_is_killed_once_costs_nothing(tmp_path: Path) -> None:
    with beside._Crew(1) as crew, ThreadPoolExecutor(1) as threads:
        assert [result.outcome for result in crew.run(job(tmp_path, 0, [page("spam")]))] == ["found"]
        for process in multiprocessing.active_children():
            process.kill()
            process.join()
        for number in (1, 2):
            again = threads.submit(crew.run, job(tmp_path, number, [page("eggs")])).result()
            assert [result.outcome for result in again] == ["found"]


@pytest.fixture
def hopeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system on which every process is killed."""
    monkeypatch.setattr(beside, "ready", _die)
    monkeypatch.setattr(beside, "decode_and_stage", _die)


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.usefixtures("hopeless")
def test_where_no_process_lives_no_page_is_to_blame(tmp_path: Path) -> None:
    with beside._Crew(1) as crew, pytest.raises(CrawlError, match=r"no process can be started .* command resumes"):
        crew.run(job(tmp_path, 0, [page("spam")]))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_batch_whose_pages_live_only_apart_ends_the_crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "decode_and_stage", _die)
    with beside._Crew(1) as crew, pytest.raises(CrawlError, match=r"killed again and again .* command resumes"):
        crew.run(job(tmp_path, 0, [page("spam"), page("eggs")]))
