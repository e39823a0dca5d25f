"""What ends a crawl early: a sick server, the time limit, another crawl, a full disk."""

import errno
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import NormalizedName
from typer.testing import CliRunner

from audit.cli.app import app
from audit.crawl import pipeline
from audit.dataset import commit, listings, parquet
from audit.dataset.store import Store
from audit.disk import whole
from audit.errors import CrawlError, DatasetError, QueryError, UsageError
from tests.faults.documents import FAULTY, HEALTHY, MANNERS, PAGE, crawl_once, document, filenames, heal, rows
from tests.faults.server import FaultServer, answer, answer_after, hold_after, say

MANY = [NormalizedName(f"p{number:02d}") for number in range(60)]
ONE = replace(MANNERS, workers=1)
FORBIDDEN = say(answer(b"", status="403 Forbidden"))


def everything(folder: Path) -> dict[str, bytes]:
    """All that a reader sees."""
    return {path.name: path.read_bytes() for path in folder.rglob("*.parquet") if "staging" not in path.parts}


@pytest.mark.parametrize(("workers", "good"), [(1, 10), (4, 1)])
def test_failures_in_a_row_stop_the_crawl(workers: int, good: int, server: FaultServer, tmp_path: Path) -> None:
    heal(server, *MANY[:good])
    for project in MANY[good:]:
        server.script(project, FORBIDDEN)
    summary = crawl_once(server, tmp_path, projects=MANY, manners=replace(MANNERS, workers=workers))
    assert summary.asked == sum(summary.outcomes.values()) == len(rows(tmp_path, "crawls")) == 60
    assert (summary.outcomes.get("found", 0), summary.outcomes["failed"]) == (good, 60 - good)
    # Beside the last of them, and the last good one, each other worker may have had one of its own.
    refused = summary.failures["http-403"]
    assert 25 <= refused <= 25 + 2 * (workers - 1)
    assert summary.failures == {"http-403": refused, "circuit-open": 60 - good - refused}
    assert len(server.asked) <= good + refused + workers - 1
    heal(server, *MANY)
    assert crawl_once(server, tmp_path, 1, projects=None, only_failed=True).outcomes == {"found": 60 - good}


def test_an_index_that_answers_nothing_usable_is_no_crawl(server: FaultServer, tmp_path: Path) -> None:
    heal(server, *HEALTHY)
    crawl_once(server, tmp_path, projects=HEALTHY)
    before = everything(tmp_path)
    for project in MANY:
        server.script(project, FORBIDDEN)
    with pytest.raises(
        CrawlError, match=r"none of the 60 .* \(35 x circuit-open, 25 x http-403; .*nothing is committed"
    ):
        crawl_once(server, tmp_path, 1, projects=MANY, manners=ONE)
    assert everything(tmp_path) == before
    heal(server, *MANY)
    assert crawl_once(server, tmp_path, 1, projects=MANY).outcomes == {"found": 60}, "no failure was kept for an answer"


def test_a_time_limit_that_leaves_nothing_is_no_crawl(server: FaultServer, tmp_path: Path) -> None:
    server.script(FAULTY, hold_after(b""))
    with pytest.raises(CrawlError, match="2 x time-limit"):
        crawl_once(server, tmp_path, projects=[FAULTY, MANY[0]], manners=ONE, time_limit=0.3)
    assert everything(tmp_path) == {}


def test_failures_that_are_not_in_a_row_do_not_stop_it(server: FaultServer, tmp_path: Path) -> None:
    heal(server, *MANY)
    for project in MANY[::2]:
        server.script(project, FORBIDDEN)
    summary = crawl_once(server, tmp_path, projects=MANY, manners=ONE)
    assert (summary.outcomes, summary.failures) == ({"found": 30, "failed": 30}, {"http-403": 30})


def test_the_time_limit_commits_what_is_there(server: FaultServer, tmp_path: Path) -> None:
    heal(server, *HEALTHY)
    server.script(FAULTY, hold_after(b""))
    projects = [*HEALTHY, FAULTY, *MANY[:5]]
    summary = crawl_once(server, tmp_path, projects=projects, manners=ONE, time_limit=4)
    assert (summary.outcomes, summary.failures) == ({"found": 2, "failed": 6}, {"time-limit": 6})
    assert filenames(tmp_path) == ["eggs-1.0.tar.gz", "ham-1.0.tar.gz"]


def test_the_time_limit_ends_a_crawl_that_waits_for_the_root(server: FaultServer, tmp_path: Path) -> None:
    server.scripts["/simple/"] = [hold_after(b"")]
    with pytest.raises(CrawlError, match=r"root .* took longer than the time limit of 0\.2 s: give it more time"):
        crawl_once(server, tmp_path, projects=None, time_limit=0.2)
    assert everything(tmp_path) == {}


def test_a_page_that_hangs_holds_no_other_up(server: FaultServer, tmp_path: Path) -> None:
    heal(server, *MANY)
    server.script(FAULTY, answer_after(f"/pypi/{MANY[-1]}/json", answer(document())))
    two = replace(MANNERS, workers=2)
    assert crawl_once(server, tmp_path, projects=[FAULTY, *MANY], manners=two).outcomes == {"found": 61}


def test_a_second_crawl_names_the_process_of_the_first(server: FaultServer, tmp_path: Path) -> None:
    heal(server, *HEALTHY)
    program = (
        "import sys; from pathlib import Path; from audit.dataset.store import Store\n"
        "with Store(Path(sys.argv[1])).locked(): print('locked', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "locked\n"
        with pytest.raises(CrawlError, match=rf"is being written by process {first.pid}\b"):
            crawl_once(server, tmp_path, projects=HEALTHY)
        first.communicate("")
    assert server.asked == []
    assert crawl_once(server, tmp_path, projects=HEALTHY).is_complete


def test_a_crawl_in_the_same_process_is_refused_too(server: FaultServer, tmp_path: Path) -> None:
    with Store(tmp_path).locked(), pytest.raises(CrawlError, match=rf"process {os.getpid()}\b"):
        crawl_once(server, tmp_path, projects=HEALTHY)


def full(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def spilled(*_: Any, **__: Any) -> None:
    raise QueryError("IO Error: failed to offload data block: no space left on device")


@pytest.mark.parametrize(
    ("module", "name", "failing", "asked"),
    [
        (whole, "sync_file", full, 1),
        (pipeline, "_flush", full, 2),
        (parquet, "sync_file", full, 1),
        (listings, "write_table", full, 1),
        (commit, "write_table", full, 1),
        (commit, "write_table", spilled, 1),
        (Store, "switch", full, 1),
    ],
)
def test_a_full_disk_leaves_the_dataset_as_it_was(
    server: FaultServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    failing: Any,
    asked: int,
) -> None:
    heal(server, *HEALTHY, FAULTY)
    crawl_once(server, tmp_path, projects=HEALTHY)
    before = everything(tmp_path)
    with monkeypatch.context() as full_disk:
        full_disk.setattr(module, name, failing)
        with pytest.raises(DatasetError, match=r"(?i)no space left.*run again to resume") as caught:
            crawl_once(server, tmp_path, 1, projects=[FAULTY])
    assert "\n" not in str(caught.value)
    assert everything(tmp_path) == before
    assert crawl_once(server, tmp_path, 2, projects=[FAULTY]).outcomes == {"found": 1}
    assert len(filenames(tmp_path)) == 3
    assert server.asked.count(PAGE) == asked, "what was staged is not asked for again"


def test_a_disk_that_is_really_full(server: FaultServer, tmp_path: Path) -> None:
    heal(server, *HEALTHY)
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from audit.cli import main\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (512, resource.RLIM_INFINITY))\n"
        "main()\n"
    )
    options = ["crawl", "--project", "eggs", "--index-url", server.root, "--dataset", str(tmp_path / "data")]
    # Coverage would be measured into a file, on that very disk.
    bare = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    ended = subprocess.run(
        [sys.executable, "-c", program, *options], capture_output=True, text=True, check=False, env=bare
    )
    last = ended.stderr.rstrip().splitlines()[-1]
    assert (ended.returncode, last.startswith("release-audit: ")) == (3, True), ended.stderr
    assert "Traceback" not in ended.stderr
    assert "File too large" in last
    assert crawl_once(server, tmp_path / "data", projects=[HEALTHY[0]]).outcomes == {"found": 1}


@pytest.mark.parametrize("name", ["../../etc/passwd", "%2e%2e", "/etc/passwd", "..", "a/b", "a\\b", "a\0b", ""])
def test_a_name_with_path_tricks_is_refused_as_an_argument(name: str, server: FaultServer, tmp_path: Path) -> None:
    options = ["crawl", "--project", name, "--index-url", server.root, "--dataset", str(tmp_path / "data")]
    ended = CliRunner().invoke(app, options)
    assert isinstance(ended.exception, UsageError)
    assert "is not a project name" in str(ended.exception)
    assert (server.asked, list(tmp_path.iterdir())) == ([], [])


def test_a_dataset_folder_that_is_a_file_is_one_clear_error(server: FaultServer, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(DatasetError, match="choose another --dataset"):
        crawl_once(server, tmp_path / "data", projects=HEALTHY)


def test_an_index_with_no_root_is_one_clear_error(server: FaultServer, tmp_path: Path) -> None:
    with pytest.raises(CrawlError, match="answered 404: check --index-url"):
        crawl_once(server, tmp_path, projects=None)
