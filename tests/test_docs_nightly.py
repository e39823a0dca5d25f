"""The nightly recipes run as they are printed, night after night: how they end, and what they print and keep."""

import json
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import audit
from audit.cli import COULD_NOT_RUN, DONE, INCOMPLETE
from tests.faults.documents import document, file, filenames, heal, rows
from tests.faults.server import FaultServer, answer, running, say
from tests.nights import EXAMPLES, Actions, Cron, Night, Recipe, Systemd

PROJECTS = ["eggs", "ham", "spam"]
BASELINE = [f"{project}-1.0.tar.gz" for project in PROJECTS]
LATE = "eggs-1.0-py3-none-any.whl"
DOWN = "release-audit: none of the 3 projects asked for had a usable answer (3 x connect; "

pytestmark = pytest.mark.slow


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with running() as server:
        heal(server, *PROJECTS)
        yield server


@pytest.fixture(params=[Cron, Systemd, Actions])
def recipe(request: pytest.FixtureRequest, tmp_path: Path) -> Recipe:
    ranked = json.dumps({"rows": [{"project": name} for name in PROJECTS]})
    made: Recipe = request.param(tmp_path, ranked)
    return made


def grow(server: FaultServer) -> None:
    """A release gets a file, and one project is not available."""
    files = [file("eggs-1.0.tar.gz"), file(LATE, packagetype="bdist_wheel")]
    server.script("eggs", say(answer(document("eggs", *files, serial=2), 'ETag: "grown"')))
    server.script("spam", say(answer(b"", status="403 Forbidden")))


def test_night_after_night(recipe: Recipe, server: FaultServer) -> None:
    first = recipe.night(server.root)
    assert (first.code, first.is_success) == (DONE, True), first.output
    assert "3 projects asked for, 3 reached, 0 not reached" in first.output
    assert filenames(recipe.dataset) == BASELINE

    grow(server)
    second = recipe.night(server.root)
    assert second.is_success is not isinstance(recipe, Cron), second.output
    assert second.code == (DONE if isinstance(recipe, Actions) else INCOMPLETE)
    assert "3 projects asked for, 2 reached, 1 not reached" in second.output
    assert "not reached: 1 x http-403\n  failed: spam\n  all of them: release-audit sql " in second.output
    assert "changes seen: 1 appeared" in second.output
    assert filenames(recipe.dataset) == sorted([*BASELINE, LATE]), "of spam, what was known stays"

    server.stop_listening()
    third = recipe.night(server.root)
    assert (third.code, third.is_success) == (COULD_NOT_RUN, False), third.output
    assert DOWN in third.output
    assert "Traceback" not in third.output
    assert filenames(recipe.dataset) == sorted([*BASELINE, LATE])

    server.listen()
    heal(server, "spam")
    fourth = recipe.night(server.root)
    assert (fourth.code, fourth.is_success) == (DONE, True), fourth.output
    assert "nothing changed" in fourth.output or "no known file changed" in fourth.output
    assert [event["filename"] for event in rows(recipe.dataset, "events")] == [LATE]
    assert len({row["crawl_id"] for row in rows(recipe.dataset, "crawls")}) == 3
    with audit.open(recipe.dataset) as dataset:
        assert dataset.check() == []


def test_a_cron_mail_has_the_summary_or_the_one_line_that_is_wrong(tmp_path: Path, server: FaultServer) -> None:
    cron = Cron(tmp_path, "\n".join(PROJECTS))
    assert "%" not in cron.line, "cron would end the command there"
    mail = cron.night(server.root).output.splitlines()
    assert mail[0].startswith("crawl 2")
    assert mail[-1].startswith(f"dataset {cron.dataset}: 3 projects, 3 releases, 3 files")
    assert len(mail) == 4
    server.stop_listening()
    [line] = cron.night(server.root).output.splitlines()
    assert line.startswith(DOWN)


def test_what_a_service_writes_is_one_object_a_line_and_the_summary(tmp_path: Path, server: FaultServer) -> None:
    journal = Systemd(tmp_path, "\n".join(PROJECTS)).night(server.root).output.splitlines()
    events = [json.loads(line) for line in journal if line.startswith("{")]
    assert [each["event"] for each in events][-2:] == ["progress", "summary"]
    assert (events[-1]["outcomes"], events[-2]["ended"]) == ({"found": 3}, 3)


def actions_night(tmp_path: Path, server: FaultServer, before: Callable[[FaultServer], None]) -> tuple[Actions, Night]:
    actions = Actions(tmp_path, "\n".join(PROJECTS))
    before(server)
    return actions, actions.night(server.root)


def test_incomplete_data_is_a_warning_and_an_artifact_in_a_workflow(tmp_path: Path, server: FaultServer) -> None:
    actions, night = actions_night(tmp_path, server, grow)
    assert "\n::warning::The crawl's data is incomplete" in night.output
    assert "## Status" in night.output, "the run's summary"
    [artifact] = [path for name, path in actions.artifacts.items() if name.startswith("dataset-")]
    with tarfile.open(artifact) as tar:
        assert not [member.name for member in tar if not (member.isfile() or member.isdir())]
        tar.extractall(tmp_path / "unpacked", filter="data")
    tables = {path.name for path in actions.dataset.iterdir() if path.suffix == ".parquet"}
    assert tables >= {"files.parquet", "releases.parquet", "projects.parquet"}
    for name in (*tables, "events", "crawls"):
        assert pq.read_table(tmp_path / "unpacked" / name) == pq.read_table(actions.dataset / name)
    with audit.open(tmp_path / "unpacked") as dataset:
        assert dataset.check() == []


def test_a_workflow_publishes_what_the_night_brought(tmp_path: Path, server: FaultServer) -> None:
    actions = Actions(tmp_path, "\n".join(PROJECTS))
    feeds = []
    for before in (lambda _: None, grow):
        before(server)
        actions.night(server.root)
        site = actions.artifacts[f"site-{1000 + actions.nights}-1"]
        assert "</html>" in (site / "index.html").read_text("utf-8")
        feeds.append((site / "feed.xml").read_text("utf-8"))
    assert ["eggs 1.0</title>" in feed for feed in feeds] == [False, True]


def test_a_workflow_that_could_not_crawl_keeps_nothing(tmp_path: Path, server: FaultServer) -> None:
    actions, night = actions_night(tmp_path, server, FaultServer.stop_listening)
    assert (night.code, actions.artifacts, actions.cache) == (COULD_NOT_RUN, {}, {})
    assert "::warning::" not in night.output


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="only a machine with systemd can say")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    host = Systemd(tmp_path, "")
    program_path = host.here(host.service["ExecStart"]).split()[0]
    assert Path(program_path).is_file()
    for name in ("release-audit.service", "release-audit.timer"):
        (tmp_path / name).write_text(host.here((EXAMPLES / name).read_text("utf-8")))
    command = ["systemd-analyze", "verify", *(str(tmp_path / f"release-audit.{kind}") for kind in ("service", "timer"))]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert [line for line in ended.stderr.splitlines() if "release-audit" in line] == []
