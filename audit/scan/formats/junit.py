"""A scan as JUnit's XML, which most systems for CI show: a suite for each input, a case for each file and rule."""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from audit.reports.text import xml_text
from audit.scan.formats.summary import summary
from audit.scan.level import Level
from audit.scan.rules import load
from audit.scan.verdict import FailOn, Judged


def render(judged: Judged, fail_on: FailOn) -> str:
    """A finding that ``fail_on`` has is a failure; one of the baseline, and what cannot be told, is skipped.

    Another finding passes, and says why below; a file without a finding passes.
    """
    root = ElementTree.Element("testsuites", name="release-audit")
    rows = judged.rows.to_pylist()
    for source in dict.fromkeys(row["source"] for row in rows):
        _suite(root, source, [row for row in rows if row["source"] == source], fail_on)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    if len(root):
        _child(root[-1], "system-out", "\n".join(map(xml_text, summary(judged))))
    ElementTree.indent(root)
    document: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return document.decode() + "\n"


def _suite(root: ElementTree.Element, source: str, rows: list[Mapping[str, Any]], fail_on: FailOn) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=xml_text(source))
    for row in rows:
        _case(suite, row, fail_on)
    counts = {
        "tests": len(rows),
        "failures": len(suite.findall("testcase/failure")),
        "errors": 0,
        "skipped": len(suite.findall("testcase/skipped")),
    }
    for name, count in counts.items():
        suite.set(name, str(count))


def _case(suite: ElementTree.Element, row: Mapping[str, Any], fail_on: FailOn) -> None:
    rule, why, line = row["rule"], row["why"] or "", row["line"]
    parts = [row["project"] or "the whole input", row["version"], row["filename"], rule and f"({rule})"]
    subject = " ".join(filter(None, parts))
    place = row["source"] if line is None else f"{row['source']}:{line}"
    case = ElementTree.SubElement(suite, "testcase", name=xml_text(subject), classname=xml_text(row["source"]))
    if rule is None:
        return
    told = f"{place}: {row['level']} {rule}: {load()[rule].title}"
    if row["is_known"]:
        ElementTree.SubElement(case, "skipped", message=xml_text(f"in the baseline: {why}"))
    elif fail_on.has(rule, Level(row["level"])):
        failure = ElementTree.SubElement(case, "failure", message=xml_text(why), type=rule)
        failure.text = xml_text(told)
    elif rule == "RA008":
        ElementTree.SubElement(case, "skipped", message=xml_text(why))
    else:
        _child(case, "system-out", xml_text(f"{told}: {why}"))


def _child(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = text
