"""Which projects: names from the command line, from a file, or from a ranked list."""

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from packaging.utils import InvalidName, NormalizedName, canonicalize_name

from audit.errors import UsageError
from audit.model import LONGEST_NAME


class _Row(msgspec.Struct):
    project: str


class _RankedList(msgspec.Struct):
    """The well-known list of the most downloaded packages: rows sorted by downloads, most first."""

    rows: list[_Row]


_RANKED = msgspec.json.Decoder(_RankedList)

# How many of the projects that were named one by one are shown, and how many characters of a file's name.
_FIRST_SHOWN = 5
_LONGEST_SHOWN = 80


def options_of(named: Sequence[NormalizedName], file: Path | None = None, top: int | None = None) -> str:
    """The options that chose the projects, for a report: ``--projects top.json --top 100``.

    A file is shown without its folder, which is private; of many names only the first are shown.
    """
    options = [f"--project {name}" for name in named[:_FIRST_SHOWN]]
    if len(named) > _FIRST_SHOWN:
        options.append(f"and {len(named) - _FIRST_SHOWN:,} more")
    if file is not None:
        options.append(f"--projects {shlex.quote(file.name[:_LONGEST_SHOWN])}")
    if top is not None:
        options.append(f"--top {top}")
    return " ".join(options)


def parse_name(name: str, where: str = "--project") -> NormalizedName:
    """The normalized name (PEP 503) of a project.

    Raises:
        UsageError: no project can have this name (PEP 508); ``where`` says where it was given.
    """
    if len(name) > LONGEST_NAME:
        raise UsageError(
            f"{where}: {name[:40]!r}... is too long for a project's name: at most {LONGEST_NAME:,} characters"
        )
    try:
        return canonicalize_name(name, validate=True)
    except InvalidName:
        raise UsageError(f"{where}: {name[:100]!r} is not a project name: letters, digits, and . _ - between") from None


def parse_projects_file(text: str, source: str, top: int | None = None) -> list[NormalizedName]:
    """The projects in a file, each once, in its order: one name per line (``#`` comments), or a ranked list.

    A ranked list is JSON with ``rows[].project``; ``top`` takes the first so many (None: all).

    Raises:
        UsageError: the file names no project, or has a name that no project can have; ``source`` names the file.
    """
    text = text.removeprefix("\ufeff")
    ranked = text.lstrip().startswith("{")
    names = _ranked_names(text, source) if ranked else _listed_names(text, source)
    unique = list(dict.fromkeys(names))[:top]
    if not unique:
        raise UsageError(
            f"{source} names no project: give one name a line, or a ranked list (JSON with rows[].project)"
        )
    return unique


def _listed_names(text: str, source: str) -> Iterable[NormalizedName]:
    for number, line in enumerate(text.splitlines(), 1):
        if name := line.partition("#")[0].strip():
            yield parse_name(name, f"{source}, line {number}")


def _ranked_names(text: str, source: str) -> Iterable[NormalizedName]:
    try:
        rows = _RANKED.decode(text.encode()).rows
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise UsageError(f"{source} is not a ranked list (JSON with rows[].project): {error}") from None
    for number, row in enumerate(rows):
        yield parse_name(row.project, f"{source}, rows[{number}].project")
