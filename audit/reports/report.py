"""A report of many answers: what each number means stands with it."""

from collections.abc import Sequence

from audit.reports.format import Format
from audit.reports.markdown import escape
from audit.reports.render import render as render_answer
from audit.reports.section import Section
from audit.reports.text import plain


def render(sections: Sequence[Section], coverage: str, form: Format, *, limit: int | None, width: int) -> str:
    """The sections one below the other, each with at most ``limit`` rows (None: all); ``coverage`` stands first."""
    is_markdown = form is Format.MARKDOWN
    head = "# Files that came late\n\n" if is_markdown else ""
    parts = [f"{head}{escape(coverage) if is_markdown else plain(coverage)}\n"]
    parts += [_markdown(section, limit) if is_markdown else _text(section, limit, width) for section in sections]
    return "\n".join(parts)


def _markdown(section: Section, limit: int | None) -> str:
    rows = render_answer(section.rows, Format.MARKDOWN, limit=limit, notes=[section.caveat])
    meanings = "".join(f"- `{name}`: {escape(meaning)}\n" for name, meaning in section.meanings.items())
    return f"## {escape(section.title)}\n\n{escape(section.question)}\n\n{rows}\n{meanings}"


def _text(section: Section, limit: int | None, width: int) -> str:
    rows = render_answer(section.rows, Format.TABLE, limit=limit, notes=[section.caveat], width=width)
    return f"{section.title}: {section.question}\n\n{rows}"
