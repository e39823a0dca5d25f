"""The report as text to paste into a forum: the headline, the main tables, sources and how to reproduce them."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from audit.answers.coverage import coverage_note
from audit.answers.markdown import escape
from audit.answers.markdown import render as table
from audit.answers.section import Section
from audit.answers.values import percent
from audit.answers.words import LIMITS, REASONS
from audit.page.content import Content
from audit.page.headline import headline
from audit.page.provenance import TITLE, provenance
from audit.page.sentence import Figure, Sentence

_SECTIONS = ("reasons", "displacement", "late-by-year", "lag-buckets", "late-wheels-by-python", "who")
_ROWS = 25


def render(content: Content) -> str:
    """The report as markdown: shares and lags are rounded, counts are exact."""
    parts = [
        f"# {TITLE}",
        "\n".join(f"* {_said(sentence)}" for sentence in headline(content)),
        *_provenance(content),
    ]
    if not content.is_untimed:
        parts += _rules(content.sections["policies"])
        for title in _SECTIONS:
            parts += _section(content.sections[title])
    parts += ["## Limits", "\n".join(f"* {limit}" for limit in LIMITS), *_reproduce(content)]
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _provenance(content: Content) -> Iterator[str]:
    head = provenance(content, "markdown")
    yield "## Where these numbers are from"
    yield "\n".join(f"* {name}: {escape(text)}" for name, text in head.facts.items())
    yield escape(coverage_note(content.first("coverage")))
    yield "To cite, and to repeat:"
    yield "\n".join(["```", head.cite.replace("`", "'"), head.command, "```"])


def _said(sentence: Sentence) -> str:
    return "".join(f"**{piece}**" if isinstance(piece, Figure) else escape(piece) for piece in sentence)


def _rules(section: Section) -> Iterator[str]:
    """What each rule would have refused: a line for each rule, a column for each window."""
    rows = section.rows.to_pylist()
    windows = list(dict.fromkeys(row["window"] for row in rows))
    by_rule: dict[str, dict[str, Any]] = {}
    for row in rows:
        share = "" if row["refused_share"] is None else f" ({percent(row['refused_share'])})"
        by_rule.setdefault(row["policy"], {})[row["window"]] = f"{row['refused_files']:,}{share}"
    columns = {"rule": list(by_rule)}
    for window in windows:
        columns[window or "no window"] = [cells.get(window, "") for cells in by_rule.values()]
    yield f"## {escape(section.question)}"
    yield table(pa.table(columns))
    yield f"Refused files of {rows[0]['files']:,} files with an upload time. {escape(section.caveat)}"
    yield _definitions(section)


def _section(section: Section) -> Iterator[str]:
    yield f"## {escape(section.question)}"
    yield table(section.newest_first.slice(0, _ROWS), is_rounded=True) if section.row_count else "None."
    if section.row_count > _ROWS:
        yield f"{section.row_count - _ROWS:,} more of {section.row_count:,}: `{section.command}`"
    yield escape(section.caveat)
    yield _definitions(section)


def _definitions(section: Section) -> str:
    lines = [f"* {escape(name)}: {escape(meaning)}" for name, meaning in section.meanings.items()]
    if "reason" in section.meanings:
        lines += [f"* {reason}: {meaning}" for reason, meaning in REASONS.items()]
    return "\n".join(["<details><summary>Definitions</summary>", "", *lines, "", "</details>"])


def _reproduce(content: Content) -> Iterator[str]:
    yield "## Reproduce"
    window = f"--window-days {content.window_days}"
    commands = [
        *(content.sections[title].command for title in ("policies", *_SECTIONS)),
        f"release-audit flags late-files --dataset DIR {window} --format csv",
    ]
    yield "\n".join(["```", *commands, "```"])
    yield f"release-audit {content.version}. `release-audit queries NAME --sql` shows the exact definition of a number."
