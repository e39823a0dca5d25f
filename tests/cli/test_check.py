"""``release-audit check`` as it is typed."""

import json
from pathlib import Path

import pytest
from junitparser import JUnitXml

from audit.queries.catalog import Group, load
from tests.cli.programs import invoke
from tests.dataset_builder import make_dataset
from tests.scan.test_formats import run_of

COUNT = len(load().group(Group.ASSERTIONS))


@pytest.fixture
def bad(tmp_path: Path) -> str:
    return str(make_dataset(tmp_path / "bad", [{"kind": "deb"}]))


def test_a_table_has_the_rows_and_json_the_counts(bad: str) -> None:
    assert "deb" in invoke("check", "--dataset", bad, code=1)
    rows = json.loads(invoke("check", "--dataset", bad, "--format", "json", code=1))
    assert len(rows) == COUNT
    assert {"assertion": "kind-is-known", "row_count": 1} in rows


def test_other_programs_read_what_does_not_hold(bad: str, sample: str) -> None:
    results = run_of(invoke("check", "--dataset", bad, "--format", "sarif", code=1))["results"]
    assert "kind-is-known" in {result["ruleId"] for result in results}
    assert run_of(invoke("check", "--dataset", sample, "--format", "sarif"))["results"] == []
    [suite] = JUnitXml.fromstring(invoke("check", "--dataset", bad, "--format", "junit", code=1).encode())
    assert (suite.name, suite.tests, suite.failures) == (bad, COUNT, len(results))
    commands = invoke("check", "--dataset", bad, "--format", "github", code=1).splitlines()
    assert sum(command.startswith("::error ") for command in commands) == len(results)
    assert commands[-1] == f"release-audit: {COUNT - len(results)} of {COUNT} assertions hold."


def test_a_file_gets_what_the_terminal_would(bad: str, tmp_path: Path) -> None:
    for form in ("table", "csv", "sarif"):
        output = invoke("check", "--dataset", bad, "--format", form, code=1)
        assert invoke("check", "--dataset", bad, "--format", form, "--output", str(tmp_path / "x"), code=1) == ""
        assert (tmp_path / "x").read_text("utf-8") == output
