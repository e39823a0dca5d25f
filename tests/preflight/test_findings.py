"""A preflight in the formats for other programs, and the explanations of its findings."""

import json
import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from junitparser import Failure, JUnitXml, Skipped

from audit.findings.finding import CaseOutcome
from audit.findings.form import Form
from audit.findings.level import Level
from audit.findings.render import render
from audit.preflight.built import BuiltFile
from audit.preflight.choice import Check
from audit.preflight.explained import load
from audit.preflight.findings import findings_of
from audit.preflight.listed import Listed
from audit.preflight.preflight import Preflight, preflight
from audit.preflight.rule import UploadRule
from audit.preflight.states import FileState, State, Verdict
from tests.hostile import TEXTS
from tests.preflight.builders import AT, PYPI, SPAM, built, digest, listed, listed_file
from tests.scan.test_formats import acting, run_of

PAGE = Path(__file__).parents[2] / "docs" / "preflight.md"
ROOT = Path("/home/you/project")
SDIST, WHEEL = "spam-1.0.tar.gz", "spam-1.0-py3-none-any.whl"
WINDOWS, LINUX = "spam-1.0-cp312-cp312-win_amd64.whl", "spam-1.0-cp312-cp312-linux_armv7l.whl"
OLD = listed(listed_file(SDIST, timedelta(days=30)), listed_file(WHEEL, timedelta(days=30)))
FILES = (built(SDIST), built(WHEEL, "other"), built(WINDOWS), built(LINUX))


def found(files: Sequence[BuiltFile] = FILES, has: Listed = OLD, rule: UploadRule | None = PYPI) -> Preflight:
    return preflight(sorted(files, key=lambda file: file.filename), {SPAM: has}, rule, AT)


def rendered(form: Form, given_: Preflight, fail_on: Sequence[Check] = (), folder: str = "dist") -> str:
    paths = [Path(folder, each.file.filename) for each in given_.states]
    return render(findings_of(given_, paths, fail_on), form, ROOT)


def results(given_: Preflight, folder: str = "dist") -> list[dict[str, Any]]:
    run = run_of(rendered(Form.SARIF, given_, folder=folder))
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == list(load())
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    return list(run["results"])


def uri(result: dict[str, Any]) -> str:
    [place] = result["locations"]
    assert "region" not in place["physicalLocation"]
    return str(place["physicalLocation"]["artifactLocation"]["uri"])


# SARIF


def test_sarif_fits_the_official_schema_and_has_each_finding() -> None:
    assert [(each["level"], each["ruleId"], uri(each)) for each in results(found())] == [
        ("error", "late", f"dist/{LINUX}"),
        ("error", "late", f"dist/{WINDOWS}"),
        ("error", "differs", f"dist/{WHEEL}"),
        ("warning", "forgotten-bump", f"dist/{LINUX}"),
        ("note", "identical", f"dist/{SDIST}"),
        ("note", "post-release", f"dist/{LINUX}"),
    ]
    late = results(found())[0]
    assert late["message"]["text"].startswith(f"{LINUX}: the release is at least 30 days old, and PyPI takes")
    assert late["properties"]["sha256"] == digest(LINUX)
    assert late["properties"]["verdict"] == "refused"
    assert late["properties"]["closes_at"] == "2026-11-07T10:15:00.000000Z"
    assert "baselineState" not in late


def test_what_displaces_is_a_warning_in_its_own_file() -> None:
    [warning] = [each for each in results(found([built(WINDOWS)], rule=None)) if each["ruleId"] == "displaces"]
    assert (warning["level"], uri(warning)) == ("warning", f"dist/{WINDOWS}")
    assert warning["properties"]["environments"]
    assert warning["properties"]["filename_before"] == WHEEL


def test_a_file_that_displaces_several_has_a_finding_for_each() -> None:
    old, new = "spam-1.0-cp310-cp310-win_amd64.whl", "spam-1.0-1-cp310.cp311-cp310.cp311-win_amd64.whl"
    has = listed(*(listed_file(name, timedelta(days=30)) for name in (SDIST, WHEEL, old)))
    given_ = found([built(new)], has, None)
    displacing = [each for each in results(given_) if each["ruleId"] == "displaces"]
    assert {each["properties"]["filename_before"] for each in displacing} == {WHEEL, old}
    assert len({str(each["partialFingerprints"]) for each in displacing}) == 2
    [suite] = JUnitXml.fromstring(rendered(Form.JUNIT, given_).encode())
    assert {f"{new} instead of {name} (displaces)" for name in (WHEEL, old)} < {case.name for case in suite}


@pytest.mark.parametrize(
    ("verdict", "levels"),
    [
        (Verdict.REFUSED, ["error"]),
        (Verdict.MAY_BE_REFUSED, ["warning"]),
        (Verdict.SKIPPED, ["note"]),
        (Verdict.ACCEPTED, []),
    ],
)
def test_the_level_is_the_verdict(verdict: Verdict, levels: list[str]) -> None:
    state = FileState(built(WHEEL), State.JOINS, verdict, "why")
    assert [each["level"] for each in results(Preflight([state], []))] == levels


def test_an_absolute_path_below_the_folder_is_relative_and_has_the_same_fingerprint() -> None:
    one, other = results(found()), results(found(), folder=f"{ROOT}/dist")
    assert one == other
    assert len({str(each["partialFingerprints"]) for each in one}) == len(one)


# GitHub


def test_github_gets_one_command_for_what_is_said_alike() -> None:
    lines = rendered(Form.GITHUB, found()).splitlines()
    assert lines[0].startswith(
        f"::error file=dist/{LINUX},title=late%3A The release is more than 14 days old::{LINUX}: the release is at "
    )
    assert lines[0].endswith("takes files for 14 days. The same of 1 more file.")
    assert [line.split(" ")[0] for line in lines] == [
        *("::error", "::error", "::warning", "::notice", "::notice"),
        "release-audit:",
    ]
    assert lines[-1] == "release-audit: 4 files: 1 skipped, 3 refused."


# JUnit


def test_junit_has_a_case_for_each_file_and_a_failure_for_what_ends_with_1() -> None:
    [suite] = JUnitXml.fromstring(rendered(Form.JUNIT, found()).encode())
    assert (suite.name, suite.tests, suite.failures, suite.skipped) == ("dist", 6, 3, 1)
    by_name = {case.name: [type(each) for each in case.result] for case in suite}
    assert by_name == {
        **{LINUX: [Failure], WINDOWS: [Failure], WHEEL: [Failure], SDIST: [Skipped]},
        **{"spam 1.0 (forgotten-bump)": [], "spam 1.0 (post-release)": []},
    }
    [suite] = JUnitXml.fromstring(rendered(Form.JUNIT, found(), [Check.FORGOTTEN_BUMP]).encode())
    assert suite.failures == 4


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("state", [State.BAD_NAME, State.JOINS])
def test_what_fails_is_what_the_exit_code_counts(state: State, verdict: Verdict) -> None:
    given_ = Preflight([FileState(built(WHEEL), state, verdict, "why")], [])
    [case] = findings_of(given_, [Path(WHEEL)], []).cases
    assert (case.outcome is CaseOutcome.FAILED) == given_.is_refused


def test_a_file_that_is_accepted_passes() -> None:
    [suite] = JUnitXml.fromstring(rendered(Form.JUNIT, found([built(SDIST)], listed())).encode())
    [case] = suite
    assert (case.name, case.result, case.system_out) == (SDIST, [], None)


# What is said of several files


def test_a_finding_about_several_files_is_at_the_first() -> None:
    files = [built(SDIST), built("spam-1.1.tar.gz"), built("eggs-1.0.tar.gz")]
    given_ = preflight(files, {SPAM: listed(), files[2].project or SPAM: listed()}, None, AT)
    assert [(each["ruleId"], uri(each)) for each in results(given_)] == [
        ("several-projects", f"dist/{SDIST}"),
        ("several-versions", f"dist/{SDIST}"),
    ]
    messages = [each["message"]["text"] for each in results(given_)]
    assert messages[0].startswith("all files: files of 2 projects")
    assert messages[1].startswith("spam: files of 2 versions")


# What they mean


def test_each_finding_is_explained_in_the_words_of_the_page() -> None:
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    by_name = {name: cells.split(" | ") for name, cells in rows}
    assert set(by_name) == {*map(str, State), *map(str, Check)}
    assert set(by_name) - set(load()) == {"new-release"}, "which is no finding"
    for name, rule in load().items():
        title, *rest = [re.sub(r": (see \[|`no ).*|`| \(\[.*?\]\(.*?\)\)", "", cell) for cell in by_name[name]]
        assert rule.title[0].lower() + rule.title[1:] == title
        if rest:
            assert rule.summary == "On PyPI: {}. Elsewhere: {}.".format(*rest)


def test_the_levels_are_those_that_a_finding_can_have() -> None:
    for rule in load().values():
        assert list(rule.levels) == sorted(set(rule.levels), key=list(Level).index)
        assert rule.text.startswith(rule.title)
    for has in (OLD, listed(), listed(listed_file(WHEEL, timedelta(days=13, hours=12)), index_status="archived")):
        for rules in (PYPI, None):
            paths = [Path(file.filename) for file in FILES]
            for finding in findings_of(found(has=has, rule=rules), paths, []).worst_first():
                assert finding.level in load()[finding.rule].levels


# Strangers' text

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=30)


@given(NAMES.filter(lambda name: name not in {".", ".."}) | st.sampled_from([text.replace("/", "") for text in TEXTS]))
@example("::error::x\r\n::set-output name=x::y")
@example("a\ufffe.whl")
def test_any_name_is_inert(name: str) -> None:
    file = BuiltFile(name, digest(name), 1, fault=f"its {name} is odd")
    given_ = found([file])
    [result] = results(given_)
    assert result["properties"]["filename"] == name
    assert not acting(result["message"]["text"])
    assert re.fullmatch(r"[\w.~/%-]*", uri(result))
    assert uri(result).isascii()
    command, summary = rendered(Form.GITHUB, given_).split("\n")[:-1]
    assert re.match(r"::error file=[^:,]*,title=[^:,]*::", command)
    assert summary == "release-audit: 1 file: 1 refused."
    assert not acting(command)
    document = rendered(Form.JUNIT, given_)
    [suite] = JUnitXml.fromstring(document.encode())
    assert (suite.tests, suite.failures) == (1, 1)
    assert not acting(document)


@pytest.mark.parametrize("form", [Form.SARIF, Form.GITHUB, Form.JUNIT])
def test_a_folder_whose_name_is_not_utf_8_is_shown_as_text(form: Form) -> None:
    text = rendered(form, found([built(SDIST)]), folder="d\udce4")
    assert text.encode()
    assert "e4" in text
    assert form is not Form.SARIF or json.loads(text)


@pytest.mark.parametrize("form", [Form.SARIF, Form.GITHUB, Form.JUNIT])
def test_the_same_files_give_the_same_bytes(form: Form) -> None:
    assert rendered(form, found()) == rendered(form, found())
