"""``release-audit preflight`` as it is typed."""

import csv
import io
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import stamina

from audit.cli import COULD_NOT_RUN, DONE, FINDINGS, WRONG_USAGE
from audit.replay.server import serving
from tests.cli.programs import invoke, run_here
from tests.dataset_builder import make_dataset
from tests.preflight.builders import write
from tests.recorded import SAMPLE

# No environment of the picks accepts it.
WHEEL = "spam-1.0-cp312-cp312-linux_armv7l.whl"
OLD = {"filename": "spam-1.0.tar.gz", "uploaded_at": datetime(2026, 11, 1, tzinfo=UTC)}
AT = ["--at", "2026-11-10T12:00Z"]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETRC", os.devnull)


@pytest.fixture
def dataset(tmp_path: Path) -> str:
    return str(make_dataset(tmp_path / "dataset", [OLD]))


@pytest.fixture
def numpy(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder for what is built, and an index that has numpy."""
    with serving(SAMPLE) as address:
        yield tmp_path / "dist", address


def test_a_table(dataset: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "dist", WHEEL)
    monkeypatch.chdir(tmp_path)
    output = invoke("preflight", "--dataset", dataset, *AT)
    assert output.splitlines() == [
        "filename                               finding  verdict   why",
        "─" * 80,
        "spam-1.0-cp312-cp312-linux_armv7l.whl  joins    accepted  the release is at",
        "                                                          least 9 days 12 h old",
        "",
        "1 file: 1 accepted.",
    ]


def test_the_rule_is_pypis_own_unless_it_is_asked_for(dataset: str, tmp_path: Path) -> None:
    path = str(write(tmp_path / "dist", WHEEL))
    late = ["--at", "2026-11-20", "--format", "json"]
    [row] = json.loads(invoke("preflight", path, "--dataset", dataset, *late))
    assert (row["finding"], row["age_us"], row["closes_at"]) == ("joins", 19 * 86_400_000_000, None)
    rows = json.loads(invoke("preflight", path, "--dataset", dataset, *late, "--rule", "pypi-14d", code=FINDINGS))
    assert [row["finding"] for row in rows] == ["late", "post-release"]
    assert rows[0]["closes_at"] == "2026-11-15T00:00:00.000000Z"


def test_every_format_tells_the_same(dataset: str, tmp_path: Path) -> None:
    path = str(write(tmp_path / "dist", WHEEL))
    asked = ["preflight", path, "--dataset", dataset, *AT]
    [row] = json.loads(invoke(*asked, "--format", "json"))
    [same] = csv.DictReader(io.StringIO(invoke(*asked, "--format", "csv")))
    assert {name: same[name] for name in ("filename", "finding", "verdict", "why", "sha256")} == {
        name: row[name] for name in ("filename", "finding", "verdict", "why", "sha256")
    }
    narrow = invoke(*asked, "--format", "markdown", "--columns", "finding,verdict,filename")
    assert "| joins | accepted | spam-1.0-cp312-cp312-linux" in narrow
    assert len(invoke(*asked, "--format", "markdown").splitlines()[0].split(" | ")) == len(row)
    out = tmp_path / "verdicts.json"
    assert invoke(*asked, "--format", "json", "--output", str(out)) == ""
    assert json.loads(out.read_text("utf-8")) == [row]


def test_an_index_is_asked(numpy: tuple[Path, str]) -> None:
    folder, address = numpy
    for filename in ("numpy-1.26.4-1-cp312-cp312-win_amd64.whl", "numpy-1.26.4-cp312-cp312-win_amd64.whl"):
        write(folder, filename, "numpy")
    asked = ["preflight", f"{folder}/*", "--index-url", address, "--at", "2026-11-23", "--format", "json"]
    rows = json.loads(invoke(*asked, code=FINDINGS))
    verdicts = [(row["filename"] or row["finding"], row["verdict"]) for row in rows[:3]]
    assert verdicts == [
        ("numpy-1.26.4-1-cp312-cp312-win_amd64.whl", "accepted"),
        ("numpy-1.26.4-cp312-cp312-win_amd64.whl", "refused"),
        ("forgotten-bump", "warning"),
    ]


def test_a_new_project(numpy: tuple[Path, str]) -> None:
    folder, address = numpy
    path = write(folder, "never-heard-of-1.0.tar.gz", "never-heard-of", "1.0")
    path = path.rename(folder / "never_heard_of-1.0.tar.gz")
    [row] = json.loads(invoke("preflight", str(path), "--index-url", address, "--format", "json"))
    assert (row["finding"], row["verdict"], row["why"]) == ("new-release", "accepted", "a new project")


@pytest.mark.parametrize("form", ["sarif", "github", "junit"])
def test_other_programs_get_the_exit_code_of_the_table(
    form: str, dataset: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "dist", WHEEL)
    monkeypatch.chdir(tmp_path)
    asked = ["preflight", "--dataset", dataset, "--format", form]
    assert f"dist/{WHEEL}" not in invoke(*asked, *AT), "it is accepted"
    late = [*asked, "--at", "2026-11-20", "--rule", "pypi-14d"]
    output = invoke(*late, code=FINDINGS)
    assert f"dist/{WHEEL}" in output
    assert invoke(*late, "--output", "out", code=FINDINGS) == ""
    assert (tmp_path / "out").read_text("utf-8") == output
    absolute = invoke("preflight", f"{tmp_path}/dist/*", *late[1:], code=FINDINGS)
    assert form == "junit" or absolute == output, "below the working directory"


def test_a_name_in_no_coding_is_refused_in_one_line(dataset: str, tmp_path: Path) -> None:
    folder = tmp_path / "dist"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/sp\xe4m-1.0.tar.gz")).write_bytes(b"PK")
    ended = run_here("preflight", "--dataset", dataset, cwd=tmp_path)
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (WRONG_USAGE, "", 1), ended.stderr
    assert "has a name that is not UTF-8" in ended.stderr


def test_what_is_hostile_stays_text(dataset: str, tmp_path: Path) -> None:
    folder = tmp_path / "dist"
    folder.mkdir()
    for filename in ("spam\x1b[2J-1.0.tar.gz", "=1+1.whl", WHEEL):
        (folder / filename).write_bytes(b"PK")
    ended = run_here("preflight", f"{folder}/*", "--dataset", dataset, *AT)
    assert (ended.returncode, ended.stderr) == (FINDINGS, "")
    assert "\x1b" not in ended.stdout
    assert "3 files: 1 may be refused, 2 refused." in ended.stdout
    table = invoke("preflight", f"{folder}/*", "--dataset", dataset, *AT, "--format", "csv", code=FINDINGS)
    assert "\n=1" not in table


def test_whom_it_displaces(tmp_path: Path) -> None:
    pure, better = "spam-1.0-py3-none-any.whl", "spam-1.0-cp312-cp312-win_amd64.whl"
    dataset = str(make_dataset(tmp_path / "dataset", [OLD, {**OLD, "filename": pure, "kind": "wheel"}]))
    path = str(write(tmp_path / "dist", better))
    asked = ["preflight", path, "--dataset", dataset, *AT, "--format", "json"]
    _, row = json.loads(invoke(*asked))
    assert (row["filename"], row["finding"], row["verdict"]) == (better, "displaces", "warning")
    assert (row["filename_before"], row["environments"]) == (pure, ["cp312-win_amd64"])
    assert json.loads(invoke(*asked, "--fail-on", "displaces", code=FINDINGS))[1:] == [row]
    assert len(json.loads(invoke(*asked, "--fail-on", "incomplete"))) == 2
    elsewhere = [*asked, "--environment", "cp311-win_amd64", "--fail-on", "displaces"]
    assert [row["finding"] for row in json.loads(invoke(*elsewhere))] == ["joins"]


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["nothing/*"], WRONG_USAGE, "nothing/* is not there: build first"),
        (["--at", "soon"], WRONG_USAGE, "--at 'soon' does not fit"),
        (["--at", "0001-01-01"], WRONG_USAGE, "--at '0001-01-01' does not fit"),
        (["--environment", "cp312-vax"], WRONG_USAGE, "no environment 'cp312-vax'"),
        (["--fail-on", "displace"], WRONG_USAGE, "did you mean 'displaces'?"),
        (["--index-url", "http://127.0.0.1:9/simple/"], WRONG_USAGE, "--index-url and --dataset are two sources"),
        (["--format", "sarif", "--columns", "why"], WRONG_USAGE, "--format sarif has none"),
        (["--output", "dataset/out"], WRONG_USAGE, "dataset"),
        (["--format", "junit", "--output", "dataset/out"], WRONG_USAGE, "dataset"),
        (["--rule", "pypi"], WRONG_USAGE, "did you mean 'pypi-14d'?"),
    ],
)
def test_usage(arguments: list[str], code: int, why: str, dataset: str, tmp_path: Path) -> None:
    write(tmp_path / "dist", WHEEL)
    ended = run_here("preflight", *arguments, "--dataset", dataset, cwd=tmp_path)
    assert ended.returncode == code
    assert why in ended.stderr
    assert not ended.stdout


def test_what_could_not_run(tmp_path: Path) -> None:
    write(tmp_path / "dist", WHEEL)
    for source in (["--index-url", "http://127.0.0.1:9/simple/"], ["--dataset", "nowhere"]):
        with stamina.set_testing(True):  # no test waits for the next attempt
            ended = run_here("preflight", *source, cwd=tmp_path)
        assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (COULD_NOT_RUN, "", 1), ended.stderr


def test_all_is_well(dataset: str, tmp_path: Path) -> None:
    write(tmp_path / "dist", "spam-1.1.tar.gz")
    ended = run_here("preflight", "--dataset", dataset, cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (DONE, "")
