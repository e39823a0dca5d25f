"""The readers against the tools themselves: what a lock pins is what the tool says that it would install."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from audit.scan.inputs import read
from audit.scan.pins import Input, PinnedBy
from tests.scan.inputs.locking import Recorded, files_of, index_of, run

pytestmark = pytest.mark.slow

# Each with a time between its first files and a late batch.
CASES = {"markupsafe": ("1.1.1", "2020-12-31"), "numpy": ("1.6.0", "2015-12-31"), "pillow": ("9.4.0", "2023-01-10")}
BEFORE = [Recorded(project, version, until) for project, (version, until) in CASES.items()]
AFTER = [Recorded(project, version) for project, (version, _) in CASES.items()]
ASKED = [f"{project}=={version}" for project, (version, _) in CASES.items()]
PROJECT = f"""[project]
name = "app"
version = "0"
requires-python = ">=3.8"
dependencies = {json.dumps([*ASKED[:2], ASKED[2] + " ; sys_platform == 'linux'"])}
"""
UV = '[[tool.uv.index]]\nurl = "{}"\ndefault = true\n'
POETRY = '[tool.poetry]\npackage-mode = false\n[[tool.poetry.source]]\nname = "own"\nurl = "{}"\npriority = "primary"\n'
PDM = '[tool.pdm]\ndistribution = false\n[[tool.pdm.source]]\nname = "pypi"\nurl = "{}"\nverify_ssl = false\n'
Served = tuple[str, list[Recorded]]
OWN_INDEX = {"UV_NO_CONFIG": "0"}


@pytest.fixture(scope="module", params=["before", "after"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, list[Recorded]]]:
    """The index's address, and its content: the releases without or with their late batches."""
    releases = BEFORE if request.param == "before" else AFTER
    with index_of(releases, tmp_path_factory.mktemp(request.param)) as address:
        yield address, releases


def project(home: Path, own: str, address: str) -> None:
    (home / "pyproject.toml").write_text(PROJECT + own.format(address), "utf-8")


def hashes_in(exported: str) -> dict[str, set[str]]:
    """The hashes of each project in a list of requirements that a tool wrote."""
    blocks = re.split(r"^(?=[a-z])", exported, flags=re.MULTILINE)
    found = {block.split("==")[0].strip(): set(re.findall(r"sha256:([0-9a-f]{64})", block)) for block in blocks}
    return {name: hashes for name, hashes in found.items() if hashes}


def hashes_of(found: Input) -> dict[str, set[str]]:
    return {str(pin.project): {file.sha256 for file in pin.files if file.sha256} for pin in found.pins}


def names_of(found: Input) -> dict[str, set[str]]:
    return {str(pin.project): {file.filename for file in pin.files if file.filename} for pin in found.pins}


def markers_of(found: Input) -> dict[str, str | None]:
    return {str(pin.project): pin.marker for pin in found.pins}


def recorded(releases: Sequence[Recorded]) -> dict[str, dict[str, datetime]]:
    """The upload time of each file of each project."""
    return {
        each.project: {file["filename"]: datetime.fromisoformat(file["upload-time"]) for file in files_of(each)}
        for each in releases
    }


def check_lines(found: Input, path: Path) -> None:
    """Each file's line holds its hash, each pin's its name."""
    lines = path.read_text("utf-8").splitlines()
    for pin in found.pins:
        assert pin.line is not None
        assert pin.project in lines[pin.line - 1].lower()
        for file in pin.files:
            assert file.line is not None
            assert (file.sha256 or file.filename or "") in lines[file.line - 1]


def check_pins(found: Input, path: Path) -> None:
    assert {(pin.project, pin.version) for pin in found.pins} == {(name, CASES[name][0]) for name in CASES}
    assert {pin.pinned_by for pin in found.pins} == {PinnedBy.HASH}
    assert found.not_on_index == []
    check_lines(found, path)


def test_uv(served: Served, tmp_path: Path) -> None:
    address, releases = served
    project(tmp_path, UV, address)
    run(["uv", "lock", "--no-cache"], tmp_path, OWN_INDEX)
    found = read(str(tmp_path / "uv.lock"))
    check_pins(found, tmp_path / "uv.lock")
    assert hashes_of(found) == hashes_in(run(["uv", "export", "--frozen", "--no-cache"], tmp_path, OWN_INDEX))
    assert {pin.index for pin in found.pins} == {address}
    times = recorded(releases)
    for pin in found.pins:
        for file in pin.files:
            assert file.filename is not None
            assert file.uploaded_at is not None
            # uv keeps milliseconds
            late = times[pin.project][file.filename] - file.uploaded_at
            assert timedelta() <= late < timedelta(milliseconds=1), file.filename


def test_the_project_its_members_and_folders_are_distinguished_for_uv(served: Served, tmp_path: Path) -> None:
    for name in ("member", "beside"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pyproject.toml").write_text(f'[project]\nname = "{name}"\nversion = "0"\n', "utf-8")
    home = tmp_path / "app"
    home.mkdir()
    (tmp_path / "member").rename(home / "member")
    project(home, UV, served[0])
    pyproject = (
        (home / "pyproject.toml").read_text("utf-8").replace("dependencies = [", 'dependencies = ["beside", "member", ')
    )
    sources = '[tool.uv.sources]\nbeside = { path = "../beside" }\nmember = { workspace = true }\n'
    (home / "pyproject.toml").write_text(f'{pyproject}{sources}[tool.uv.workspace]\nmembers = ["member"]\n', "utf-8")
    run(["uv", "lock", "--no-cache"], home, OWN_INDEX)
    found = read(str(home / "uv.lock"))
    assert {pin.project for pin in found.pins} == set(CASES)
    assert [(each.name, each.what) for each in found.not_on_index] == [("beside", "the folder ../beside")]


def test_uv_writes_a_pylock(served: Served, tmp_path: Path) -> None:
    project(tmp_path, UV, served[0])
    run(["uv", "lock", "--no-cache"], tmp_path, OWN_INDEX)
    export = ["uv", "export", "--frozen", "--no-cache", "--format", "pylock.toml", "--output-file", "pylock.toml"]
    run(export, tmp_path, OWN_INDEX)
    lock, found = read(str(tmp_path / "uv.lock")), read(str(tmp_path / "pylock.toml"))
    check_pins(found, tmp_path / "pylock.toml")
    assert (hashes_of(found), names_of(found)) == (hashes_of(lock), names_of(lock))
    assert markers_of(found)["pillow"] == 'sys_platform == "linux"'
    for mine, theirs in zip(lock.pins, found.pins, strict=True):
        # uv writes no fraction of a second there
        seconds = {file.uploaded_at.replace(microsecond=0) for file in mine.files if file.uploaded_at}
        assert {file.uploaded_at for file in theirs.files} == seconds


def test_pip_lock_and_its_report(served: Served, tmp_path: Path) -> None:
    ask = ["--index-url", served[0], "--no-cache-dir", *ASKED]
    run(["pip", "lock", *ask], tmp_path)
    run(["pip", "install", "--dry-run", "--ignore-installed", "--report", "report.json", *ask], tmp_path)
    found, report = read(str(tmp_path / "pylock.toml")), read(str(tmp_path / "report.json"))
    check_pins(found, tmp_path / "pylock.toml")
    assert report.format == "pip install --report"
    assert {pin.pinned_by for pin in report.pins} == {PinnedBy.FILENAME}
    assert (hashes_of(report), names_of(report)) == (hashes_of(found), names_of(found))
    assert all(len(pin.files) == 1 for pin in report.pins)
    installed = json.loads((tmp_path / "report.json").read_text("utf-8"))["install"]
    assert names_of(report) == {
        each["metadata"]["name"].lower(): {each["download_info"]["url"].rpartition("/")[2]} for each in installed
    }


def test_requirements_with_hashes(served: Served, tmp_path: Path) -> None:
    (tmp_path / "asked.in").write_text("\n".join(ASKED), "utf-8")
    compile_ = ["uv", "pip", "compile", "--generate-hashes", "--no-cache", "--index-url", served[0], "asked.in"]
    (tmp_path / "requirements.txt").write_text(run(compile_, tmp_path), "utf-8")
    found = read(str(tmp_path / "requirements.txt"))
    check_pins(found, tmp_path / "requirements.txt")
    report = ["pip", "install", "--dry-run", "--ignore-installed", "--report", "report.json", "--require-hashes"]
    run([*report, "--no-cache-dir", "--index-url", served[0], "--requirement", "requirements.txt"], tmp_path)
    taken = hashes_of(read(str(tmp_path / "report.json")))
    pinned = hashes_of(found)
    assert taken.keys() == pinned.keys()
    assert all(taken[name] <= pinned[name] for name in pinned)
    # All files of the release, whatever the environment.
    assert {name: len(hashes) for name, hashes in pinned.items()} == {
        name: len(times) for name, times in recorded(served[1]).items()
    }


def test_poetry(served: Served, tmp_path: Path) -> None:
    project(tmp_path, POETRY, served[0])
    run(["poetry", "lock", "--no-interaction", "--no-cache"], tmp_path)
    found = read(str(tmp_path / "poetry.lock"))
    check_pins(found, tmp_path / "poetry.lock")
    assert hashes_of(found) == hashes_in(run(["poetry", "export"], tmp_path))
    assert names_of(found) == {name: set(times) for name, times in recorded(served[1]).items()}
    assert markers_of(found)["pillow"] == 'sys_platform == "linux"'


def test_pdm(served: Served, tmp_path: Path) -> None:
    project(tmp_path, PDM, served[0])
    run(["pdm", "lock"], tmp_path)
    found = read(str(tmp_path / "pdm.lock"))
    check_pins(found, tmp_path / "pdm.lock")
    assert hashes_of(found) == hashes_in(run(["pdm", "export"], tmp_path))
    assert markers_of(found)["pillow"] == 'sys_platform == "linux"'


def test_pipenv(served: Served, tmp_path: Path) -> None:
    packages = "".join(f'{name} = "=={version}"\n' for name, (version, _) in CASES.items())
    source = f'[[source]]\nname = "own"\nurl = "{served[0]}"\nverify_ssl = false\n'
    (tmp_path / "Pipfile").write_text(f"{source}[packages]\n{packages}", "utf-8")
    run(["pipenv", "lock"], tmp_path)
    found = read(str(tmp_path / "Pipfile.lock"))
    check_pins(found, tmp_path / "Pipfile.lock")
    assert hashes_of(found) == hashes_in(run(["pipenv", "requirements", "--hash"], tmp_path))


def test_the_late_batch_is_in_the_lock_that_was_made_after_it(tmp_path: Path) -> None:
    locks = {}
    for when, releases in (("before", BEFORE), ("after", AFTER)):
        (tmp_path / when).mkdir()
        with index_of(releases, tmp_path / f"index-{when}") as address:
            project(tmp_path / when, UV, address)
            run(["uv", "lock", "--no-cache"], tmp_path / when, OWN_INDEX)
            locks[when] = names_of(read(str(tmp_path / when / "uv.lock")))
    for name, (_, until) in CASES.items():
        late = locks["after"][name] - locks["before"][name]
        assert locks["before"][name] <= locks["after"][name]
        times = recorded(AFTER)[name]
        assert late == {file for file in locks["after"][name] if times[file].isoformat() > until}
    assert any("cp39" in file for file in locks["after"]["markupsafe"] - locks["before"]["markupsafe"])


def test_cyclonedx_and_inspect_of_what_is_installed(served: Served, tmp_path: Path) -> None:
    inspected = tmp_path / "inspect.json"
    inspected.write_text(run(["pip", "inspect"], tmp_path), "utf-8")
    found = read(str(inspected))
    packages = json.loads(run(["pip", "list", "--format", "json"], tmp_path))
    listed = {canonicalize_name(each["name"]): each["version"] for each in packages}
    assert {pin.project: pin.version for pin in found.pins} == listed
    assert {pin.pinned_by for pin in found.pins} == {PinnedBy.VERSION}
    given = (("spam", "1" * 64, "2" * 64), ("eggs", "3" * 64, "4" * 64))
    hashed = "".join(f"{name}==1.0 --hash=sha256:{one} --hash=sha256:{other}\n" for name, one, other in given)
    (tmp_path / "requirements.txt").write_text(hashed, "utf-8")
    bill = tmp_path / "bom.json"
    bill.write_text(run(["cyclonedx-py", "requirements", "requirements.txt"], tmp_path), "utf-8")
    found = read(str(bill))
    assert found.format == "CycloneDX"
    assert {pin.pinned_by for pin in found.pins} == {PinnedBy.FILENAME}
    assert hashes_of(found) == hashes_in(hashed)
    check_lines(found, bill)
