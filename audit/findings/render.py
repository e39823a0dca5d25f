"""Makes every format of findings; rows go through `audit.answers.render`."""

from pathlib import Path

from audit.findings import github, junit, sarif
from audit.findings.finding import Findings
from audit.findings.form import Form


def render(found: Findings, form: Form, root: Path | None) -> str:
    """The findings as sarif, github or junit has them: text that ends with LF; the same findings give the same text.

    ``root`` is the folder that paths in ``sarif`` and ``github`` are relative to (None: they stay unchanged).
    """
    if form is Form.SARIF:
        return sarif.render(found, root)
    return github.render(found, root) if form is Form.GITHUB else junit.render(found)
