"""``release-audit watch``: which releases changed, the most alarming first; as a feed too."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from audit.cli import FINDINGS
from audit.cli.findings import check_columns, show_findings
from audit.cli.options import (
    DEFAULT_DATASET,
    ColumnsOption,
    DatasetOption,
    EnvironmentOption,
    LimitOption,
    OutputOption,
    WindowOption,
    chosen,
    chosen_environment,
    naming_options,
    read_projects,
)
from audit.cli.output import write_text
from audit.cli.since import SinceOption, check_crawl, start_of
from audit.counting import counted
from audit.findings.form import Form
from audit.model import started_at

if TYPE_CHECKING:
    from packaging.utils import NormalizedName

    from audit.dataset.answer import Answer
    from audit.dataset.dataset import Dataset
    from audit.findings.finding import Place
    from audit.scan.pins import Pin


_ATOM: Final = "atom"
# The formats of all findings, and atom after the first of them.
_FORMS: Final = {"TABLE": Form.TABLE.value, "ATOM": _ATOM, **{each.name: each.value for each in Form}}
NewsForm = StrEnum("NewsForm", _FORMS)  # type: ignore[misc] # mypy knows the members of a literal only
_TABLE: Final = NewsForm(Form.TABLE)


def watch(
    dataset: DatasetOption = DEFAULT_DATASET,
    since: SinceOption = None,
    projects: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Only these: names, one a line, or a ranked list.")
    ] = None,
    lock: Annotated[
        list[str] | None, typer.Option("--lock", metavar="PATH", help="Only what this lock file pins; repeatable.")
    ] = None,
    window_days: WindowOption = None,
    environment: EnvironmentOption = None,
    columns: ColumnsOption = None,
    form: Annotated[
        NewsForm,
        typer.Option(
            "--format",
            "-f",
            help="table is for people, atom for feed readers; sarif, github and junit are for other programs. "
            "parquet needs --output.",
        ),
    ] = _TABLE,
    limit: LimitOption = None,
    out: OutputOption = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 1 if a release changed.")] = False,
) -> None:
    """Show which releases the last crawl saw change, the most alarming first, one line each.

    displaces: a late file came and is picked where another wheel was. sign: something that deserves a look. late: a
    late file came. other: files came in time, vanished, or were yanked. --since shows more than the last crawl. With
    --lock, sarif and github show each at the line that pins it.

    Example: release-audit watch --lock uv.lock --format atom --output feed.xml
    """
    from audit.dataset.dataset import Dataset
    from audit.findings.news import findings_of

    if form != _ATOM:
        check_columns(columns, Form(form))
    pins = _pins(lock or [])
    wanted = None if projects is None and not lock else _wanted(projects, pins)
    with Dataset(dataset, projects=wanted) as opened:
        check_crawl(since, opened)
        own = {"window_days": window_days, "environment": chosen_environment(environment, this=False)}
        with naming_options(own):
            given = {name: value for name, value in own.items() if value is not None}
            answer = opened.query("news", since_at=_start(since, opened), **given)
        if form == _ATOM:
            _publish(answer, opened, out, dataset)
        else:
            notes = _notes(answer, opened, wanted)
            shown, left_out = chosen(answer, columns, Form(form).of_rows)
            found = findings_of(answer.rows(), _places(pins, dataset), is_failing=exit_code, summary=notes)
            show_findings(found, shown, Form(form), limit=limit, notes=[*notes, *left_out], out=out, outside=dataset)
    if exit_code and len(answer):
        raise typer.Exit(FINDINGS)


def _pins(locks: Sequence[str]) -> "list[Pin]":
    """What the lock files pin.

    Raises:
        InputError: one cannot be read.
    """
    if not locks:
        return []
    from audit.scan.inputs import read

    return [pin for path in locks for pin in read(path).pins]


def _wanted(projects: Path | None, pins: "Sequence[Pin]") -> "list[NormalizedName]":
    """The chosen projects.

    Raises:
        UsageError: the file cannot be read.
    """
    named = read_projects("--projects", projects) if projects else []
    return sorted({*named, *(pin.project for pin in pins)})


def _places(pins: "Sequence[Pin]", dataset: Path) -> "Callable[[str, str], Place]":
    """The place of a release: the first line that pins it, else one that pins its project; else the dataset."""
    from audit.findings.finding import Place

    by_release: dict[tuple[str, str | None], Place] = {}
    for pin in pins:
        place = Place(pin.source, pin.line)
        by_release.setdefault((pin.project, pin.version), place)
        by_release.setdefault((pin.project, None), place)
    everywhere = Place(str(dataset))
    return lambda project, version: by_release.get((project, version)) or by_release.get((project, None), everywhere)


def _start(since: str | None, opened: "Dataset") -> datetime | None:
    """The start of the earliest chosen crawl; by default the last one."""
    if since is not None:
        return start_of(since)
    return started_at(opened.crawl_ids[-1]) if opened.crawl_ids else None


def _publish(answer: "Answer", opened: "Dataset", out: Path | None, dataset: Path) -> None:
    from audit.answers.feed import render

    choices = opened.query("crawl-choices").rows()
    of = (choices and choices[0]["index_url"]) or str(dataset)
    ids = opened.crawl_ids
    text = render(answer.rows(), of=of, at=started_at(ids[-1]) if ids else datetime.fromtimestamp(0, UTC))
    write_text(text, out, outside=dataset)


def _notes(answer: "Answer", opened: "Dataset", wanted: "Sequence[NormalizedName] | None") -> list[str]:
    ids = opened.crawl_ids
    of = "" if wanted is None else f" Of {counted(len(wanted), 'project')} that are watched."
    began = f"The last crawl is {ids[-1]}, of {counted(len(ids), 'crawl')}." if ids else "No crawl has been committed."
    caveat = [answer.header.caveat] if answer.header else []
    return [f"{counted(len(answer), 'release')} changed.{of} {began}", *caveat]
