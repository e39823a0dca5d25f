"""``release-audit rules``: what each rule of a scan means, why it matters and how to fix it."""

from typing import TYPE_CHECKING, Annotated

import typer

from audit.answers.format import Format
from audit.cli.options import FormatOption, show_rows
from audit.cli.output import write

if TYPE_CHECKING:
    from audit.findings.finding import Rule

# The columns of a list for people; every other format has all.
_SHOWN = {Format.TABLE: ("rule", "levels", "title"), Format.MARKDOWN: ("rule", "levels", "title", "summary")}


def _completed(incomplete: str) -> list[tuple[str, str]]:
    """Completions for the name of a rule, each with its title."""
    from audit.scan.rules import load

    return [(rule.id, rule.title) for rule in load().values() if rule.id.startswith(incomplete.upper())]


def rules(
    rule: Annotated[
        str | None, typer.Argument(metavar="RULE", help="Explain this one, such as RA001.", autocompletion=_completed)
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the rules of a scan, or explain one: what it says, why it matters, how to fix it, a real example.

    Example: release-audit rules RA001
    """
    from audit.scan.rules import find, load

    if rule is not None and form in {Format.TABLE, Format.MARKDOWN}:
        write(find(rule).page)
        return
    rows = [_row(each) for each in (load().values() if rule is None else [find(rule)])]
    shown = _SHOWN.get(form)
    notes = ["release-audit rules RULE explains one."] if form is Format.TABLE else []
    show_rows([{name: row[name] for name in shown or row} for row in rows], form, notes)


def _row(rule: "Rule") -> dict[str, object]:
    levels = [level.value for level in rule.levels]
    return {"rule": rule.id, "levels": levels, "title": rule.title, "summary": rule.summary, "text": rule.text}
