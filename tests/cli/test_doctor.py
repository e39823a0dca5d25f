"""``release-audit doctor`` as it is typed."""

import json
from pathlib import Path

import pytest
from junitparser import JUnitXml

from audit.replay.server import serving
from tests.cli.programs import invoke
from tests.recorded import SAMPLE
from tests.scan.test_formats import run_of


def test_all_three_are_looked_at(sample: str) -> None:
    with serving(SAMPLE) as address:
        output = invoke("doctor", "--dataset", sample, "--index-url", address)
    for about in ("python", "queries", "dataset", "index root", "JSON API"):
        assert about in output
    assert max(map(len, output.splitlines())) <= 80


def test_no_index_is_asked_that_was_not_named(sample: str) -> None:
    output = invoke("doctor", "--dataset", sample)
    assert "dataset" in output
    assert "index root" not in output


@pytest.mark.parametrize(
    ("arguments", "about"),
    [
        (["dataset", "--dataset", "no\x1bwhere"], "dataset"),
        (["index", "--index-url", "http://127.0.0.1:9/simple/"], "index root"),
        (["index", "--index-url", "nonsense"], "index address"),
    ],
)
def test_what_is_wrong_ends_with_1_in_every_format(arguments: list[str], about: str, tmp_path: Path) -> None:
    [row] = json.loads(invoke("doctor", *arguments, "--format", "json", code=1))
    assert (row["verdict"], row["about"]) == ("fail", about)
    table = invoke("doctor", *arguments, code=1)
    assert table.splitlines()[2].startswith("fail ")
    assert "\x1b" not in table


def test_other_programs_read_what_is_wrong(sample: str) -> None:
    with serving(SAMPLE) as address:
        asked = ("doctor", "--dataset", sample, "--index-url", address)
        rows = json.loads(invoke(*asked, "--format", "json"))
        suites = list(JUnitXml.fromstring(invoke(*asked, "--format", "junit").encode()))
        run = run_of(invoke(*asked, "--format", "sarif"))
    assert [suite.name for suite in suites] == ["installation", "dataset", "index"]
    assert sum(suite.tests for suite in suites) == len(rows)
    assert sum(suite.failures for suite in suites) == 0
    assert len(run["results"]) == sum(row["verdict"] != "ok" for row in rows)
    by_id = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert by_id["index/upload-times"]["helpUri"] == "https://peps.python.org/pep-0700/"
    assert "a file without one has no lag" in by_id["index/upload-times"]["help"]["text"]


def test_what_is_wrong_is_at_its_place(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "none")
    [result] = run_of(invoke("doctor", "dataset", "--dataset", nowhere, "--format", "sarif", code=1))["results"]
    assert (result["ruleId"], result["level"]) == ("dataset/dataset", "error")
    [location] = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == f"file://{nowhere}"
    arguments = ("doctor", "index", "--index-url", "http://127.0.0.1:9/simple/")
    [result] = run_of(invoke(*arguments, "--format", "sarif", code=1))["results"]
    [location] = result["locations"]
    assert location["physicalLocation"]["artifactLocation"] == {"uri": "http://127.0.0.1:9/simple/"}
    command, summary, _ = invoke(*arguments, "--format", "github", code=1).split("\n")
    assert summary == "release-audit: Looked at 1: 0 ok, 0 warn, 1 fail."
    assert command.startswith("::error title=index/index-root"), "an address is no file"
