"""Ends a command before each of its file operations in turn, and checks what it leaves.

``make torture`` runs it whole: python -m tests.crashes. Each time a copy of a small world is taken, with a tree beside
the dataset, and linked to from inside it, that no command may touch. A process forked from one that has everything
loaded counts its file operations (opening for writing, half a write, fsync, rename, link, unlink, mkdir, rmdir, and
each table or database that a library writes), and ends silently before the one whose turn it is. Then a reader must
find the state before or the state after, and the same command must reach the state after.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from audit.answers.format import ReportFormat
from audit.cli.report import report
from audit.crawl import CrawlRequest, crawl
from audit.crawl.index import IndexAddress
from audit.dataset.engine import Engine
from audit.dataset.export.client import Client
from audit.dataset.export.formats import export
from audit.dataset.snapshot import find_snapshot
from audit.dataset.store import Store
from audit.errors import DatasetError
from audit.importing.downloads import import_downloads
from audit.importing.recorded import import_recorded
from audit.model import Api
from audit.replay.server import serving
from tests.canary import Contents, canary
from tests.canary import contents as tree
from tests.crawled import START
from tests.pages import file, record

_ENDED: Final = 9
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_COUNTED: Final = {
    "os.rename", "os.link", "os.symlink", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.chmod",
    "shutil.rmtree",
}  # fmt: skip
# Writes that no hook sees: those of libraries.
_UNHEARD: Final = [
    *((pq.ParquetWriter, name) for name in ("__init__", "write_table", "close")),
    (pa, "OSFile"),
    (pa.ipc, "new_stream"),
    (Engine, "run"),
]
State = Mapping[str, bytes] | None
_COUNTS: Final = {"filename": ["spam-1.0.tar.gz"], "month": ["2026-07"], "installer": ["pip"], "count": [1]}


@dataclass(frozen=True, slots=True)
class Scenario:
    """One command in one world: ``act`` does it, ``state`` is what a reader finds then."""

    name: str
    act: Callable[[Path], object]
    state: Callable[[Path], State]


@dataclass(frozen=True, slots=True)
class Toll:
    """How many times each scenario was ended, by its name."""

    ends: Mapping[str, int]


def scenarios(address: IndexAddress) -> list[Scenario]:
    """All that writes: crawls with what they commit and record, imports, copies made whole again, reports, exports."""

    def crawl_on(world: Path) -> None:
        now = START + timedelta(days=1)
        crawl(CrawlRequest(world / "data", address, None, Api.SIMPLE, record=world / "out"), now)

    def import_pages(world: Path) -> None:
        now = START + timedelta(days=1)
        import_recorded(world / "recorded", world / "data", now, api=Api.SIMPLE, at=now)

    def import_counts(world: Path) -> None:
        import_downloads([world / "counts.parquet"], world / "data")

    def adopt(world: Path) -> None:
        with Store(world / "data").locked():
            pass

    def write_report(world: Path) -> None:
        report(world / "data", world / "out" / "numbers", ReportFormat.MARKDOWN)

    def export_all(world: Path) -> None:
        export(world / "data", Client.DUCKDB, world / "out" / "numbers", is_forced=True)

    return [
        Scenario("first crawl", crawl_on, _tables),
        Scenario("next crawl", crawl_on, _tables),
        Scenario("import of pages", import_pages, _tables),
        Scenario("import of downloads", import_counts, _tables),
        Scenario("copy of all", adopt, _tables),
        Scenario("copy of one commit", adopt, _tables),
        Scenario("copy by zip", adopt, _tables),
        Scenario("report", write_report, _output),
        Scenario("export", export_all, _is_new),
    ]


def make_worlds(folder: Path, address: IndexAddress, pages: Path) -> None:
    """A world for each scenario, in a folder of its name below ``folder``; afterwards the index has a newer page."""
    _record(pages, 2)
    for day in range(2):
        crawl(CrawlRequest(folder / "data", address, None, Api.SIMPLE), START + timedelta(days=day - 1))
    _record(pages, 3)
    for scenario in scenarios(address):
        world = folder / scenario.name
        canary(world / "theirs")
        (world / "out").mkdir()
        (world / "out" / "numbers").write_bytes(b"12345678DUCK: the old numbers")
        (world / "out" / "notes").symlink_to("../theirs")
        shutil.copytree(pages, world / "recorded")
        pq.write_table(pa.table(_COUNTS), world / "counts.parquet")
        data = world / "data"
        if scenario.name == "copy of all":
            shutil.copytree(folder / "data", data)
        elif scenario.name == "copy of one commit":
            shutil.copytree(folder / "data" / "current", data)
        elif scenario.name == "copy by zip":
            shutil.unpack_archive(shutil.make_archive(str(folder / "data"), "zip", folder / "data"), data)
        elif scenario.name != "first crawl":
            shutil.copytree(folder / "data", data, symlinks=True)
        if data.is_dir():
            (data / "notes").symlink_to("../theirs")


def _record(pages: Path, count: int) -> None:
    """An index of two projects with ``count`` releases each."""
    versions = [f"1.{number}" for number in range(count)]
    for project in ("eggs", "spam"):
        files = [file(f"{project}-{version}.tar.gz") for version in versions]
        record(pages, project, files, versions, serial=count)


def run(folder: Path, address: IndexAddress, every: int) -> Toll:
    """Ends each scenario before its operations number 1, 1 + ``every``, ...; this process must have no other thread.

    Raises:
        AssertionError: something was found that should not be; says after which end.
    """
    ends = {}
    for number, scenario in enumerate(scenarios(address)):
        template = folder / scenario.name
        theirs = tree(template / "theirs")
        before = scenario.state(template)
        _load(_modules(scenario, _copy(template, folder / "world")))
        count = int(_forked(scenario, _copy(template, folder / "world"), None))
        after = scenario.state(folder / "world")
        assert count > 5, f"{scenario.name}: {count} operations were seen"
        assert before != after or "copy" in scenario.name, scenario.name
        turns = range(1 + number % every, count + 1, every)
        for turn in turns:
            world = _copy(template, folder / "world")
            _forked(scenario, world, turn)
            when = f"{scenario.name}, ended before operation {turn}"
            _check(scenario, world, theirs, [before, after], when)
            _forked(scenario, world, None)
            _check(scenario, world, theirs, [_with_news(after, scenario.state(world))], f"{when}, and done again")
            assert _left(world) == [], f"{when}: {_left(world)} is left"
        ends[scenario.name] = len(turns)
    return Toll(ends)


def _copy(template: Path, world: Path) -> Path:
    shutil.rmtree(world, ignore_errors=True)
    shutil.copytree(template, world, symlinks=True)
    return world


def _check(scenario: Scenario, world: Path, theirs: Contents, states: list[State], when: str) -> None:
    found = scenario.state(world)
    assert found in states, f"{when}: neither the state before nor the one after: {sorted(found or ())}"
    assert tree(world / "theirs") == theirs, f"{when}: what is none of its business has changed"


def _with_news(after: State, found: State) -> State:
    """The state after, with the events of one more crawl: after its commit, the same command is a new crawl."""
    news = {name: content for name, content in (found or {}).items() if name.startswith("events/")}
    return {**news, **(after or {})}


def _left(world: Path) -> list[Path]:
    """Files that a finished command no longer needs."""
    patterns = ("*/.release-audit-*", "**/*.part", "**/.*.new", "data/generations/.*", "data/staging")
    return [path for pattern in patterns for path in world.glob(pattern)]


def _tables(world: Path) -> State:
    """The tables as a reader finds them, and as any tool does by their names; None: there are none."""
    data = world / "data"
    try:
        snapshot = find_snapshot(data)
    except DatasetError:
        return None
    listed = [*snapshot.glob("*.parquet"), *snapshot.glob("events/*.parquet")]
    found = {str(path.relative_to(snapshot)): path.read_bytes() for path in listed}
    found = {name: content for name, content in found.items() if name != "projects.parquet" and content}
    for name in ("files", "releases"):
        if (data / f"{name}.parquet").exists():
            assert (data / f"{name}.parquet").read_bytes() == found[f"{name}.parquet"]
    return found


def _output(world: Path) -> State:
    return {"numbers": (world / "out" / "numbers").read_bytes()}


def _is_new(world: Path) -> State:
    """Whether the database is the new one, which holds when it was made: no two are the same bytes."""
    content = (world / "out" / "numbers").read_bytes()
    return {"numbers": content if content.endswith(b"the old numbers") else content[8:12] + b" whole"}


def _modules(scenario: Scenario, world: Path) -> list[str]:
    """What the scenario loads, beside what is loaded."""
    return _forked(scenario, world, None, lambda: " ".join(sys.modules)).split()


def _load(names: list[str]) -> None:
    """Loads it here, so that no process has to do it again."""
    for name in names:
        with suppress(ImportError):
            import_module(name)


def _forked(scenario: Scenario, world: Path, turn: int | None, report: Callable[[], str] | None = None) -> str:
    """Does it in a process of its own, which ends before operation ``turn``, or says how many there were.

    ``report`` is what it says instead.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _do(scenario, world, turn, writing, report)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if turn is not None and code == _ENDED:
        return ""
    assert code == 0, f"{scenario.name} in {world}: ended with {code}: {answer}"
    return answer


def _do(scenario: Scenario, world: Path, turn: int | None, answer: int, report: Callable[[], str] | None) -> None:
    code = 1
    try:
        count = _counting(world, turn)
        scenario.act(world)
        with os.fdopen(answer, "w", closefd=False) as pipe:
            pipe.write(report() if report else str(count()))
        code = 0
    except BaseException as error:  # this process must end here, whatever happens
        os.write(answer, repr(error).encode()[:4000])
    finally:
        os._exit(code)


def _counting(world: Path, turn: int | None) -> Callable[[], int]:
    """Counts this process's file operations from now on, and ends it before number ``turn``; returns the count."""
    seen = 0

    def step(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == turn:
            os._exit(_ENDED)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if flags & _WRITING and not isinstance(path, int) and os.fsdecode(path).startswith(str(world)):
                step()
        elif event in _COUNTED:
            step()

    def write_in_halves(self: Path, content: bytes) -> int:
        with self.open("wb", buffering=0) as opened:
            opened.write(content[: len(content) // 2])
            step()
            opened.write(content[len(content) // 2 :])
        return len(content)

    sys.addaudithook(hook)
    os.fsync = step  # type: ignore[assignment] # no plug is pulled: what was written is there
    for owner, name in _UNHEARD:
        setattr(owner, name, _after(step, getattr(owner, name)))
    Path.write_bytes = write_in_halves  # type: ignore[assignment,method-assign] # for as long as this process lives
    return lambda: seen


def _after(step: Callable[[], None], function: Callable[..., object]) -> Callable[..., object]:
    def counted(*arguments: Any, **named: Any) -> object:
        step()
        return function(*arguments, **named)

    return counted


def crash(every: int) -> Toll:
    """Makes the worlds and an index on loopback, and has another process, without threads, do the rest."""
    with tempfile.TemporaryDirectory() as name, serving(Path(name) / "pages") as url:
        folder = Path(name)
        address = IndexAddress(url, url)
        make_worlds(folder, address, folder / "pages")
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "tests.crashes", "--every", str(every), "--in", str(folder), "--url", url]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    pairs = (line.rpartition(": ") for line in done.stdout.splitlines())
    return Toll({name: int(count) for name, _, count in pairs})


def main() -> None:
    """Reads the arguments and prints the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth operation")
    parser.add_argument("--in", dest="folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.folder:
        toll = run(arguments.folder, IndexAddress(arguments.url, arguments.url), arguments.every)
    else:
        toll = crash(arguments.every)
    for name, count in toll.ends.items():
        print(f"{name}: {count}")  # noqa: T201 - this is its answer


if __name__ == "__main__":
    main()
