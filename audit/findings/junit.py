"""Findings as JUnit's XML, which most systems for CI show: a suite for each place, a case for each thing checked."""

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from audit.answers.text import xml_text
from audit.findings.finding import Case, CaseOutcome, Finding, Findings, Rule


def render(found: Findings) -> str:
    """A case that failed is a failure; one in the baseline, or one that was skipped, is skipped.

    Any other finding passes, with its text in the output; a case without a finding passes.
    """
    root = ElementTree.Element("testsuites", name="release-audit")
    suites: dict[str, list[Case]] = {}
    for case in found.cases:
        suites.setdefault(case.suite, []).append(case)
    for name, cases in suites.items():
        _suite(root, name, cases, found.rules)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    if len(root) and found.summary:
        _child(root[-1], "system-out", "\n".join(map(xml_text, found.summary)))
    ElementTree.indent(root)
    document: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return document.decode() + "\n"


def _suite(root: ElementTree.Element, name: str, cases: Sequence[Case], rules: Mapping[str, Rule]) -> None:
    suite = ElementTree.SubElement(root, "testsuite", name=xml_text(name))
    for case in cases:
        _case(suite, case, rules)
    counts = {
        "tests": len(cases),
        "failures": len(suite.findall("testcase/failure")),
        "errors": 0,
        "skipped": len(suite.findall("testcase/skipped")),
    }
    for key, count in counts.items():
        suite.set(key, str(count))


def _case(suite: ElementTree.Element, case: Case, rules: Mapping[str, Rule]) -> None:
    element = ElementTree.SubElement(suite, "testcase", name=xml_text(case.name), classname=xml_text(case.suite))
    finding = case.finding
    if finding is None:
        if case.message:
            _child(element, "system-out", xml_text(case.message))
        return
    if finding.is_known:
        ElementTree.SubElement(element, "skipped", message=xml_text(f"in the baseline: {finding.said}"))
    elif case.outcome is CaseOutcome.FAILED:
        failure = ElementTree.SubElement(element, "failure", message=xml_text(finding.said), type=finding.rule)
        failure.text = xml_text(_heading(finding, rules))
    elif case.outcome is CaseOutcome.SKIPPED:
        ElementTree.SubElement(element, "skipped", message=xml_text(finding.said))
    else:
        _child(element, "system-out", xml_text(f"{_heading(finding, rules)}: {finding.said}"))


def _heading(finding: Finding, rules: Mapping[str, Rule]) -> str:
    return f"{finding.place}: {finding.level} {finding.rule}: {rules[finding.rule].title}"


def _child(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = text
