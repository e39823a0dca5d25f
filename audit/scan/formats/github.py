"""A scan as workflow commands: GitHub shows each finding at its line of the changed files.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from pathlib import Path

from audit.reports.text import plain
from audit.scan.formats.rows import Finding, findings, relative
from audit.scan.formats.summary import summary
from audit.scan.level import Level
from audit.scan.rules import load
from audit.scan.verdict import Judged

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}
_INPUT = "-"  # standard input is no file


def render(judged: Judged, root: Path | None) -> str:
    """A command a line for each finding that is not known, the worst first; then the summary, as lines of the log."""
    commands = [_command(finding, root) for finding in findings(judged) if not finding.is_known]
    # A line of the log begins with the program's words: no stranger's text could be taken for a command.
    log = [f"release-audit: {plain(sentence)}" for sentence in summary(judged)]
    return "".join(f"{line}\n" for line in [*commands, *log])


def _command(finding: Finding, root: Path | None) -> str:
    properties = {
        "file": None if finding.source == _INPUT else relative(finding.source, root),
        "line": finding.line,
        "title": f"{finding.rule}: {load()[finding.rule].title}",
    }
    told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None)
    return f"::{_COMMANDS[finding.level]} {told}::{_data(finding.told)}"


def _data(text: str) -> str:
    """What stands after the command: percent signs and ends of lines mean something there, controls are made inert."""
    return plain(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
