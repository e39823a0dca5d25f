"""Options that several commands share, and the output of answers."""

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from audit.answers.format import Format, LogFormat
from audit.cli.output import is_terminal, write, write_to
from audit.errors import ParameterError, UsageError
from audit.model import ApiChoice

if TYPE_CHECKING:
    from packaging.utils import NormalizedName

    from audit.crawl.index import IndexAddress
    from audit.dataset.answer import Answer

DEFAULT_DATASET = Path("data/pypi")
DEFAULT_WORKERS = 4
MOST_WORKERS = 10
TABLE_ROWS = 20
PREFIX: Final = "RELEASE_AUDIT_"

_YEARS: Final = range(MINYEAR, MAXYEAR + 1)


def variable(name: str) -> str:
    """The environment variable for a setting: ``index-url`` is ``RELEASE_AUDIT_INDEX_URL``."""
    return PREFIX + name.upper().replace("-", "_")


def option_name(parameter: str) -> str:
    """The option of a query's parameter: ``window_days`` is ``--window-days``.

    Endings that SQL needs, for a name that is not a column (``environment_``) or is a time (``since_at``), are left
    out.
    """
    return f"--{parameter.removesuffix('_').removesuffix('_at').replace('_', '-')}"


def setting(name: str, no: str | None = None, **settings: Any) -> Any:  # what typer.Option takes and returns
    """An option ``--NAME`` that a settings file and the environment can set too; ``audit.cli.settings`` has its type.

    ``no`` is the option that turns a flag off again, if a setting has turned it on.
    """
    return typer.Option(f"--{name}{f'/{no}' if no else ''}", envvar=variable(name), **settings)


def _folder(given: str | Path) -> Path:
    """The path of a folder, or the default.

    Raises:
        UsageError: the text is empty, which names no folder, not even the working directory.
    """
    if not str(given).strip():
        raise UsageError("--dataset is empty: name a folder")
    return Path(given)


DatasetOption = Annotated[
    Path, setting("dataset", metavar="DIR", parser=_folder, help="The dataset: the folder that crawls write.")
]
# Its default may come from a settings file, and contain a password: never shown.
IndexOption = Annotated[
    str | None,
    setting(
        "index-url",
        metavar="URL",
        show_default=False,
        help="Root of the Index API, as pip knows it (default: the index that pip uses).",
    ),
]
JsonUrlOption = Annotated[
    str | None,
    typer.Option("--json-url", metavar="URL", help="Root of the JSON API (default: pypi/ beside --index-url)."),
]
ApiOption = Annotated[
    ApiChoice, setting("api", help="Which API to ask; auto: the JSON API if the index has it, else the Index API.")
]
WorkersOption = Annotated[int, setting("workers", metavar="N", min=1, help="Requests at a time.")]
OwnIndexOption = Annotated[
    bool, setting("own-index", "--no-own-index", help=f"The index is mine: allow more than {MOST_WORKERS} workers.")
]
ContactOption = Annotated[
    str | None, setting("contact", metavar="TEXT", help="How the index can reach you, such as an e-mail address.")
]
RateOption = Annotated[float | None, setting("rate", metavar="N", min=0.001, help="At most N requests a second.")]
LogFormatOption = Annotated[LogFormat, setting("log-format", help="How progress is shown on standard error.")]
FormatOption = Annotated[
    Format,
    typer.Option(
        "--format", "-f", help="table is for people and rounds; the others are exact. parquet needs --output."
    ),
]
WindowOption = Annotated[int | None, setting("window-days", metavar="N", help="Allowed lag in days (default: 14).")]
EnvironmentOption = Annotated[
    str | None,
    typer.Option(
        "--environment", metavar="NAME", help="today, past, all, or one name: see release-audit environments."
    ),
]
DeletedOption = Annotated[
    bool, typer.Option("--including-deleted", help="Count from the first known upload, even if that file was deleted.")
]
ThisOption = Annotated[bool, typer.Option("--this", help="The environment that runs this program.")]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write to this file; it appears, or changes, only when complete."
    ),
]
LimitOption = Annotated[
    int | None,
    typer.Option(
        "--limit",
        metavar="N",
        min=0,
        help=f"Rows to show, 0 for all (default: {TABLE_ROWS} in a table, else all).",
    ),
]


ColumnsOption = Annotated[
    str | None, typer.Option("--columns", metavar="A,B", help="Only these columns, in this order; all: every one.")
]


def show(
    answer: "Answer",
    form: Format,
    limit: int | None,
    notes: Sequence[str] = (),
    *,
    out: Path | None = None,
    outside: Path | None = None,
) -> None:
    """Writes an answer as `rendered` makes it, or as Parquet: to ``out``, which must be ``outside`` the dataset.

    None: to standard output.

    Raises:
        UsageError: ``out`` is not a possible place for a file, or Parquet would go to a terminal.
        OutputError: it cannot be written; what was there before is as it was.
    """
    if form is Format.PARQUET:
        from audit.answers.parquet import render

        rows = answer.arrow()
        write_to(out, render(rows.slice(0, limit) if limit else rows), outside=outside)
    elif out is None:
        write(rendered(answer, form, limit, notes))
    else:
        write_to(out, rendered(answer, form, limit, notes, is_seen=False).encode(), outside=outside)


def rendered(
    answer: "Answer",
    form: Format,
    limit: int | None,
    notes: Sequence[str] = (),
    *,
    is_seen: bool | None = None,
    rest: str | None = None,
    cut: str | None = None,
) -> str:
    """An answer as text as wide as the terminal; ``limit`` 0 is all rows, None the usual number for the format.

    ``is_seen`` says whether a terminal shows it (None: if standard output is one), ``rest`` how to see the rows beyond
    the limit (None: by the options), ``cut`` how to see what narrow columns cut (None: they do not cut).
    """
    from audit.answers.render import render

    if limit is None and form is Format.TABLE:
        limit = TABLE_ROWS
    width = shutil.get_terminal_size((80, 24)).columns
    is_seen = is_terminal(sys.stdout) if is_seen is None else is_seen
    return render(
        answer.arrow(), form, limit=limit or None, notes=notes, width=width, is_seen=is_seen, rest=rest, cut=cut
    )


def show_rows(rows: Sequence[Mapping[str, object]], form: Format, notes: Sequence[str] = ()) -> None:
    """Writes rows that do not come from a query, all of them, as ``show`` writes an answer."""
    show(answer_of(rows), form, 0, notes)


def answer_of(rows: Sequence[Mapping[str, object]]) -> "Answer":
    """Rows that do not come from a query, as an answer."""
    import pyarrow as pa

    from audit.dataset.answer import Answer

    return Answer(pa.Table.from_pylist(list(rows)))


def chosen_environment(environment: str | None, *, this: bool) -> str | None:
    """The environments that were asked for, an era or a name; None: not given.

    Raises:
        UsageError: there is none of this name, or two were asked for.
    """
    from audit.queries.environments import select

    if this and environment:
        raise UsageError(f"--this and --environment {environment} are two environments: give one")
    name = "this" if this else environment
    if name is not None:
        select(name)
    return name


def chosen(answer: "Answer", columns: str | None, form: Format | None) -> tuple["Answer", list[str]]:
    """The answer with the columns that were asked for, else those that its header shows; and a note on the rest.

    Only formats for people leave columns out: every other format has all columns unless some were asked for. ``form``
    None: not a format of rows.

    Raises:
        UsageError: there is no such column.
    """
    header = answer.header
    if columns is not None or header is None or form is not Format.TABLE:
        names = [column.strip() for column in ("all" if columns is None else columns).split(",")]
        return (answer if names == ["all"] else answer.select(names)), []
    names = list(header.in_table or header.shown or answer.columns)
    rest = [column for column in answer.columns if column not in names]
    note = f"Columns not shown: {', '.join(rest)} (--columns chooses, --columns all shows all)."
    return answer.select(names), [note] if rest else []


def check_workers(workers: int, *, own_index: bool) -> None:
    """Checks that so many requests at a time are polite.

    Raises:
        UsageError: they are not, and the index is not the user's own.
    """
    if workers > MOST_WORKERS and not own_index:
        raise UsageError(f"--workers {workers} is impolite: at most {MOST_WORKERS}, or say --own-index if it is yours")


def instant(option: str, text: str, years: range = _YEARS) -> datetime:
    """The day or the time in an option; in UTC unless it has a zone.

    Raises:
        UsageError: it is neither, or is outside ``years``.
    """
    from audit.queries.parameters import instant as parse

    try:
        time = parse(text).astimezone(UTC)
    except (ValueError, OverflowError):
        time = None
    if time is None or time.year not in years:
        expected = "expected a day or a time in UTC, such as 2026-11-23 or 2026-11-23T10:15Z"
        raise UsageError(f"{option} {text[:100]!r} does not fit: {expected}")
    return time


def read_projects(option: str, file: Path, top: int | None = None) -> "list[NormalizedName]":
    """The names in the file of an option, at most the first ``top``.

    Raises:
        UsageError: the file cannot be read.
    """
    from audit.crawl.index import parse_projects_file

    try:
        return parse_projects_file(file.read_text("utf-8"), str(file), top)
    except OSError as error:
        raise UsageError(f"{option} {file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{option} {file} cannot be read: {error}") from None


def index_address(context: typer.Context, index_url: str | None, json_url: str | None) -> "IndexAddress":
    """The index that the options name, and whether the user named it or a settings file, which is trusted less.

    Raises:
        IndexAddressError: an address does not fit.
    """
    from audit.crawl.index import resolve_address

    source = context.get_parameter_source("index_url")
    return resolve_address(index_url, json_url, is_own=source is None or source.name != "DEFAULT_MAP")


def is_typed(context: typer.Context, name: str) -> bool:
    """Whether the command line itself has the option of this parameter, not a setting or a default."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


@contextmanager
def naming_options(given: Mapping[str, object]) -> Iterator[None]:
    """Within the block, an error about a parameter's value names the option of ``given`` that it came from."""
    try:
        yield
    except ParameterError as error:
        if given.get(error.name) is None:
            raise
        raise UsageError(f"{option_name(error.name)} {error.value!r} does not fit: {error.expected}") from error
