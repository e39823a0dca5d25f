"""Makes every text of a scan: its own table and JSON, and the formats that all findings have."""

from pathlib import Path

from audit.answers import render as answers
from audit.findings import render as findings
from audit.findings.form import Form
from audit.scan.formats import json, table
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

    ``root`` is the folder that paths in ``sarif`` and ``github`` are relative to (None: they stay unchanged);
    ``fail_on`` says what counts as a failure in ``junit``; ``width`` is for ``table``; ``is_seen``: a terminal shows
    it, so that CSV is inert there too.

    Raises:
        UsageError: the format is not text.
    """
    if form is Form.TABLE:
        return table.render(judged, width)
    if form is Form.JSON:
        return json.render(judged)
    if form.of_rows is not None:
        return answers.render(judged.rows, form.of_rows, notes=summary(judged), is_seen=is_seen)
    return findings.render(findings_of(judged, fail_on), form, root)
