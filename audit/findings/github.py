"""Findings as workflow commands: GitHub shows each at its line of the changed files.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from pathlib import Path

from audit.answers.text import plain
from audit.counting import counted
from audit.findings.finding import STANDARD_INPUT, Finding, Findings
from audit.findings.level import Level

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def render(found: Findings, root: Path | None) -> str:
    """A command on each line, one for each rule and group with unknown findings, the worst first; then the summary.

    GitHub shows only ten of each level in a step, so a line for each file would hide others.
    """
    groups = [[finding for finding in group if not finding.is_known] for group in found.groups()]
    commands = [_command(group[0], found.rules[group[0].rule].title, len(group) - 1, root) for group in groups if group]
    # A line of the log begins with the program's own words, so that no stranger's text can be taken as a command.
    log = [f"release-audit: {plain(sentence)}" for sentence in found.summary]
    return "".join(f"{line}\n" for line in [*commands, *log])


def _command(finding: Finding, title: str, more: int, root: Path | None) -> str:
    place = finding.place
    is_path = place.source != STANDARD_INPUT and not place.is_address
    properties = {
        "file": place.relative(root) if is_path else None,
        "line": place.line,
        "title": f"{finding.rule}: {title}",
    }
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None)
    return f"::{_COMMANDS[finding.level]} {written}::{_data(_with_more(finding.sentence, more))}"


def _with_more(sentence: str, files: int) -> str:
    return f"{sentence.removesuffix('.')}. The same of {counted(files, 'more file')}." if files else sentence


def _data(text: str) -> str:
    """The text after the command: percent signs and line ends are escaped, control characters are made inert."""
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
