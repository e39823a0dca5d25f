"""One way to every format of a scan."""

from collections.abc import Callable, Mapping
from pathlib import Path

from audit.answers import csv, markdown
from audit.findings import github, junit, sarif
from audit.scan.formats import json, table
from audit.scan.formats.form import Form
from audit.scan.formats.rows import findings_of
from audit.scan.formats.summary import summary
from audit.scan.verdict import DEFAULT_FAIL_ON, FailOn, Judged


def render(
    judged: Judged,
    form: Form,
    *,
    root: Path | None = None,
    fail_on: FailOn = DEFAULT_FAIL_ON,
    width: int = 80,
    is_seen: bool = False,
) -> str:
    """The scan as text that ends with LF; the same scan gives the same text.

    ``root`` is the folder that paths in ``sarif`` and ``github`` are relative to (None: they stay as they were told);
    ``fail_on`` says what is a failure in ``junit``; ``width`` is for ``table``; ``is_seen``: a terminal shows it, so
    that CSV is inert there too.
    """
    ways: Mapping[Form, Callable[[], str]] = {
        Form.TABLE: lambda: table.render(judged, width),
        Form.JSON: lambda: json.render(judged),
        Form.CSV: lambda: csv.render(judged.rows, is_seen=is_seen),
        Form.MARKDOWN: lambda: markdown.render(judged.rows, summary(judged)),
        Form.SARIF: lambda: sarif.render(findings_of(judged), root),
        Form.GITHUB: lambda: github.render(findings_of(judged), root),
        Form.JUNIT: lambda: junit.render(findings_of(judged, fail_on)),
    }
    return ways[form]()
