"""A report of several answers, each number with its meaning."""

from collections.abc import Mapping, Sequence

from audit.answers.format import Format
from audit.answers.markdown import escape
from audit.answers.render import render as render_answer
from audit.answers.section import Section
from audit.answers.text import folded
from audit.answers.values import LAG_SUFFIX, SHARE_SUFFIX


def render(sections: Sequence[Section], coverage: str, form: Format, *, limit: int | None, width: int) -> str:
    """The sections one below the other, each with at most ``limit`` rows (None: all); ``coverage`` comes first."""
    is_markdown = form is Format.MARKDOWN
    head = "# Files that came late\n\n" if is_markdown else ""
    parts = [f"{head}{escape(coverage) if is_markdown else folded(coverage, width)}\n"]
    parts += [_markdown(section, limit) if is_markdown else _text(section, limit, width) for section in sections]
    return "\n".join(parts)


def _markdown(section: Section, limit: int | None) -> str:
    rows = render_answer(section.rows, Format.MARKDOWN, limit=limit, notes=[section.caveat])
    meanings = "".join(f"- `{name}`: {escape(meaning)}{_unit(name)}\n" for name, meaning in section.meanings.items())
    parameters = "".join(f"- `{name}` = {escape(value)}\n" for name, value in section.parameters.items())
    return f"## {escape(section.title)}\n\n{escape(section.question)}\n\n{rows}\n{meanings}{parameters}"


def _text(section: Section, limit: int | None, width: int) -> str:
    parameters = [f"{name} = {value}" for name, value in section.parameters.items()]
    notes = [*share_notes(section.meanings), *parameters, section.caveat]
    rows = render_answer(section.rows, Format.TABLE, limit=limit, notes=notes, width=width)
    return f"{folded(f'{section.title}: {section.question}', width)}\n\n{rows}"


def _unit(column: str) -> str:
    return " (microseconds)" if column.endswith(LAG_SUFFIX) else ""


def share_notes(meanings: Mapping[str, str]) -> list[str]:
    """What the shares among these columns are parts of, as one note; empty if there is no share."""
    shares = [f"{name} = {meaning}" for name, meaning in meanings.items() if name.endswith(SHARE_SUFFIX)]
    return [f"Shares: {'; '.join(shares)}."] if shares else []
