"""Everything that pip accepts from an odd page is in the dataset: its versions, and the file that it downloads."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import NormalizedName, parse_sdist_filename, parse_wheel_filename
from packaging.version import Version

from audit.crawl import CrawlRequest, crawl
from audit.crawl.index import resolve_address
from audit.dataset.dataset import Dataset
from audit.model import Api
from tests.cases_index import CASES, index_of
from tests.crawled import START
from tests.installers.ask import CALM
from tests.installers.packages import content

pytestmark = pytest.mark.slow  # asks the real pip

# One odd field of one file, by the project that has it: the file is spam's wheel of 1.1, beside an sdist of 1.0.
ODD_FIELDS: dict[str, dict[str, Any]] = {
    "null-hashes": {"hashes": None},
    "no-hash": {"hashes": {}},
    "upper-hash": {"hashes": "UPPER"},
    "float-size": {"size": 10.0},
    "negative-size": {"size": -1},
    "text-size": {"size": "10"},
    "null-size": {"size": None},
    "null-yanked": {"yanked": None},
    "zero-yanked": {"yanked": 0},
    "one-yanked": {"yanked": 1},
    "zoneless-time": {"upload-time": "2020-01-01T00:00:00"},
    "null-time": {"upload-time": None},
    "empty-time": {"upload-time": ""},
    "spaced-time": {"upload-time": "2020-01-01 00:00:00+00:00"},
    "null-requires": {"requires-python": None},
    "odd-requires": {"requires-python": "three"},
    "odd-provenance": {"provenance": 7},
    "null-filename": {"filename": None},
    # json.dumps writes them as a lenient reader takes them.
    "nan-size": {"size": float("nan")},
    "half-a-pair": {"requires-python": "\ud800"},
    "nobodys-half-a-pair": {"comment": "\ud800"},
}
ODD_PAGES: dict[str, dict[str, Any]] = {
    "no-name": {"name": None},
    "no-meta": {"meta": None},
    "odd-serial": {"meta": {"api-version": "1.0", "_last-serial": "many"}},
    "null-versions": {"versions": None},
    "odd-versions": {"versions": ["1.0", 1.1]},
    "odd-status": {"project-status": "active"},
    "nobodys-infinity": {"comment": float("inf")},
    "half-a-version": {"versions": ["1.0", "1.1", "2\ud800"]},
}


def page(folder: Path, project: str, odd: dict[str, Any], changes: dict[str, Any]) -> None:
    """A page of two files, of which the wheel is odd, and the files."""
    files = []
    for version, name in (("1.0", f"{project.replace('-', '_')}-1.0.tar.gz"), ("1.1", wheel(project))):
        packed = content(name, project, version)
        (folder / "files").mkdir(exist_ok=True)
        (folder / "files" / name).write_bytes(packed)
        digest = hashlib.sha256(packed).hexdigest()
        entry = {"filename": name, "url": f"/files/{name}", "hashes": {"sha256": digest}, "size": len(packed)}
        entry |= odd if version == "1.1" else {}
        files.append(entry | ({"hashes": {"sha256": digest.upper()}} if entry["hashes"] == "UPPER" else {}))
    body = {"name": project, "meta": {"api-version": "1.1"}, "versions": ["1.0", "1.1"], "files": files} | changes
    (folder / "simple").mkdir(exist_ok=True)
    (folder / "simple" / f"{project}.json").write_text(json.dumps(body), "utf-8")


def wheel(project: str) -> str:
    return f"{project.replace('-', '_')}-1.1-py3-none-any.whl"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cases and the odd pages as one index; of a name in two cases the last one's."""
    folder = tmp_path_factory.mktemp("pages")
    for each in CASES.glob("*/simple"):
        shutil.copytree(each, folder / "simple", dirs_exist_ok=True)
    for project, odd in ODD_FIELDS.items():
        page(folder, project, odd, {})
    for project, changes in ODD_PAGES.items():
        page(folder, project, {}, changes)
    return folder


@pytest.fixture(scope="module")
def asked(pages: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[str]], Path, Path]:
    """The versions that pip knows of each project, the folder with the files that it took, and the dataset."""
    folder = tmp_path_factory.mktemp("pip")
    projects = sorted(path.stem for path in (pages / "simple").glob("*.json"))
    with index_of(pages) as address:
        own = ["--isolated", "--no-cache-dir", "--disable-pip-version-check", "--index-url", address]
        calls = [["index", "versions", name, "--json", "--pre", *own] for name in projects]
        calls += [
            ["download", f"{name}==1.1", "--no-deps", "--dest", str(folder / name), *own]
            for name in (*ODD_FIELDS, *ODD_PAGES)
        ]
        (folder / "calls.json").write_text(json.dumps(calls), "utf-8")
        command = [sys.executable, "-m", "tests.installers.ask_versions", str(folder / "calls.json")]
        done = subprocess.run(command, env=os.environ | CALM, capture_output=True, text=True, check=True)
        answers = json.loads(done.stdout.splitlines()[-1])
        names = [NormalizedName(name) for name in projects]
        crawl(CrawlRequest(folder / "data", resolve_address(address), names, api=Api.SIMPLE), START)
    answered = zip(projects, answers, strict=False)
    return {name: json.loads(text)["versions"] for name, (code, text) in answered if not code}, folder, folder / "data"


def test_what_pip_lists_is_there(asked: tuple[dict[str, list[str]], Path, Path]) -> None:
    versions, _, data = asked
    assert len(versions) > len(ODD_FIELDS) + len(ODD_PAGES) + 5
    with Dataset(data) as opened:
        for project, listed in versions.items():
            rows = opened.sql("from files where project = $project", {"project": project}).rows()
            assert {Version(text) for text in listed} <= {version_of(row["filename"]) for row in rows}, project


def test_what_pip_downloads_is_there(asked: tuple[dict[str, list[str]], Path, Path]) -> None:
    _, folder, data = asked
    taken = {path.name for project in (*ODD_FIELDS, *ODD_PAGES) for path in (folder / project).glob("*")}
    assert len(taken) > len(ODD_FIELDS) + len(ODD_PAGES) - 5, "pip takes most of what is odd"
    with Dataset(data) as opened:
        assert taken <= {row["filename"] for row in opened.sql("from files").rows()}


def version_of(filename: str) -> Version | None:
    """As an installer reads it."""
    try:
        return parse_wheel_filename(filename)[1] if filename.endswith(".whl") else parse_sdist_filename(filename)[1]
    except ValueError:
        return None
