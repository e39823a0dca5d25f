"""What ``release-audit scan`` does with its findings: options, verdict, format, exit code."""

import shutil
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from audit.answers.format import Format
from audit.cli.options import show
from audit.cli.output import is_terminal, write_text
from audit.errors import UsageError
from audit.findings.form import Form

if TYPE_CHECKING:
    from audit.cli.settings import Settings
    from audit.scan.baseline import Key
    from audit.scan.findings import Scanned
    from audit.scan.verdict import FailOn, Judged

LARGEST_BASELINE_BYTES: Final = 256 * 1024 * 1024

# Readers of these formats fail by themselves if there are findings.
_FAILING_READERS: Final = {Form.SARIF, Form.GITHUB}

BaselineOption = Annotated[
    Path | None,
    typer.Option("--baseline", metavar="FILE", help="JSON of an earlier scan: findings in it no longer fail."),
]
FailOnOption = Annotated[
    list[str] | None,
    typer.Option("--fail-on", metavar="RULE|LEVEL", help="End with 1 for these: a rule, error, warning, note, none."),
]
ExitCodesOption = Annotated[
    bool | None,
    typer.Option(
        "--exit-codes/--no-exit-codes",
        show_default=False,
        help="Whether findings end with 1 (default: yes, except with sarif and github).",
    ),
]


def chosen_failures(fail_on: Sequence[str] | None) -> "FailOn":
    """What ``--fail-on`` asks for; by default errors.

    Raises:
        UsageError: a name is neither a rule nor a level.
    """
    from audit.scan.verdict import DEFAULT_FAIL_ON, parse_fail_on

    return parse_fail_on(fail_on) if fail_on else DEFAULT_FAIL_ON


def judged(scanned: "Scanned", settings: "Settings", baseline: Path | None, today: date) -> "Judged":
    """The verdict, by the settings and the baseline's file.

    Raises:
        UsageError: the baseline cannot be read.
    """
    from audit.scan.verdict import judge

    known = None if baseline is None else read_baseline_file(baseline)
    return judge(scanned, levels=settings.levels, ignores=settings.ignores, baseline=known, today=today)


def read_baseline_file(path: Path) -> "frozenset[Key]":
    """The findings of an earlier scan.

    Raises:
        UsageError: the file cannot be read, or is too large for a baseline.
    """
    from audit.scan.baseline import read_baseline

    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BASELINE_BYTES + 1)
    except OSError as error:
        raise UsageError(f"--baseline {path} cannot be read: {error.strerror}") from None
    if len(content) > LARGEST_BASELINE_BYTES:
        raise UsageError(f"--baseline {path} is larger than {LARGEST_BASELINE_BYTES:,} bytes: no scan's JSON is")
    return read_baseline(content, str(path))


def tell(
    verdict: "Judged", form: Form, fail_on: "FailOn", *, out: Path | None = None, outside: Path | None = None
) -> None:
    """Writes the scan to ``out``, which must be ``outside`` the dataset; None: to standard output.

    Raises:
        UsageError: ``out`` is not a possible place for a file, or Parquet would go to a terminal.
        OutputError: it cannot be written; what was there before is as it was.
    """
    if form.of_rows is Format.PARQUET:
        from audit.dataset.answer import Answer

        show(Answer(verdict.rows), Format.PARQUET, 0, out=out, outside=outside)
        return
    from audit.scan.formats.render import render

    width = shutil.get_terminal_size((80, 24)).columns
    is_seen = out is None and is_terminal(sys.stdout)
    text = render(verdict, form, root=Path.cwd(), fail_on=fail_on, width=width, is_seen=is_seen)
    write_text(text, out, outside=outside)


def ending(verdict: "Judged", form: Form, fail_on: "FailOn", *, is_asked: bool, exit_codes: bool | None) -> int:
    """The exit code: 1 findings that fail, 4 incomplete, else 0.

    SARIF and GitHub's commands end with 1 only if this is asked for (``is_asked``) by ``--fail-on``, or by
    ``--exit-codes``.
    """
    from audit.scan.verdict import exit_code

    shows_findings = (form not in _FAILING_READERS or is_asked) if exit_codes is None else exit_codes
    return exit_code(verdict, fail_on, tells_findings=shows_findings)
