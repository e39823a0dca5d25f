"""Settings: options that a file or the environment sets once, so that no command line has to.

Later sources override earlier ones: an option's default, the settings file, the environment, the command line. The file
is the first one found from the working directory upward: in each folder ``release-audit.toml``, else a
``pyproject.toml`` that has a table ``[tool.release-audit]``. Files of other folders are not read, and nothing is
merged.

Anyone who can write a file there can influence the program. So a file outside the user's own project is reported with
what it sets, and no file can set a folder outside its own.
"""

import os
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from audit.answers.format import LogFormat
from audit.cli.options import PREFIX, variable
from audit.errors import UsageError, hint
from audit.masking import masked
from audit.model import ApiChoice

if TYPE_CHECKING:
    from audit.findings.level import Level
    from audit.scan.ignores import Ignore

OWN_FILE: Final = "release-audit.toml"
SHARED_FILE: Final = "pyproject.toml"
TABLE: Final = "release-audit"
LARGEST_BYTES: Final = 256 * 1024
# A broken file with this line is meant for this program.
_HEADER: Final = re.compile(rb"^\s*\[\s*tool\s*\.\s*[\"']?release-audit[\"']?\s*[.\]]", re.MULTILINE)
_PROJECT_MARKS: Final = (".git", ".hg")

# By name, as in the file; each sets the option of that name, in every command that has it.
TYPES: Final[Mapping[str, object]] = {
    "dataset": Annotated[str, msgspec.Meta(pattern=r"\S")],
    "index-url": str,
    "api": ApiChoice,
    "workers": Annotated[int, msgspec.Meta(ge=1)],
    "own-index": bool,
    "contact": str,
    "rate": Annotated[float, msgspec.Meta(ge=0.001)],
    "log-format": LogFormat,
    "window-days": Annotated[int, msgspec.Meta(ge=1)],
}

# What a scan does with its findings; there is no option for it.
TABLES: Final = ("ignore", "levels")


class _PassedOver(Exception):
    """A file shared with other programs cannot be read, and may not be meant for this program."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a settings file says, by name; ``path`` is the file (None: there is none). A path in it is absolute.

    ``notes`` are lines that the user should see. ``ignores`` are the findings of a scan to ignore, ``levels`` the
    levels of its rules.
    """

    path: Path | None
    values: Mapping[str, object]
    notes: Sequence[str] = ()
    ignores: "Sequence[Ignore]" = ()
    levels: "Mapping[str, Level]" = field(default_factory=dict)

    def defaults(self, commands: Iterable[str]) -> dict[str, object]:
        """The values for each of ``commands``, by the name of the option's parameter."""
        by_parameter = {name.replace("-", "_"): value for name, value in self.values.items()}
        return dict.fromkeys(commands, by_parameter)


def read_settings(folder: Path) -> Settings:
    """The settings that apply in ``folder``.

    Raises:
        UsageError: the file cannot be read, or a name or a value in it does not fit; names the file and the key.
    """
    notes: list[str] = []
    for parent in (folder, *folder.parents):
        for path in (parent / OWN_FILE, parent / SHARED_FILE):
            try:
                table = _table(path) if os.path.isfile(path) else None
            except _PassedOver as error:
                notes = notes or [str(error)]
                continue
            if table is not None:
                values = {name: _fitting(path, name, value) for name, value in table.items() if name not in TABLES}
                ignores, levels = _ignores(path, table.get("ignore", [])), _levels(path, table.get("levels", {}))
                if (values or ignores or levels) and not _is_own(path, folder):
                    notes.append(_note(path, values, ignores, levels))
                return Settings(path, values, notes, ignores, levels)
    return Settings(None, {}, notes)


def check_environment(environment: Mapping[str, str]) -> None:
    """Checks that each variable with the program's prefix is a setting: a typing error would be ignored silently.

    Raises:
        UsageError: one is not; says which is close.
    """
    known = [variable(name) for name in TYPES]
    for name in environment:
        if name.startswith(PREFIX) and name not in known:
            raise UsageError(f"the environment variable {name} is not a setting: {hint(name, known)}")


def _table(path: Path) -> Mapping[str, object] | None:
    """The table of settings in a file; None: a file that other programs share has none."""
    is_own = path.name == OWN_FILE
    raw = b""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
        if len(raw) > LARGEST_BYTES:
            raise ValueError(f"it is larger than {LARGEST_BYTES:,} bytes")
        if not is_own and TABLE.encode() not in raw:
            return None
        document = tomllib.loads(raw.decode())
    except (
        OSError,
        ValueError,
        RecursionError,
    ) as error:  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
        why = "it is nested too deeply" if isinstance(error, RecursionError) else error
        if is_own or _HEADER.search(raw):
            raise UsageError(f"{path} cannot be read: {why}") from None
        raise _PassedOver(f"{path} cannot be read ({why}): settings in it are not used") from None
    return document if is_own else _own_table(path, document)


def _own_table(path: Path, document: Mapping[str, object]) -> Mapping[str, object] | None:
    tools = document.get("tool", {})
    table = tools.get(TABLE) if isinstance(tools, dict) else None
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{path}: tool.{TABLE} is not a table: write [tool.{TABLE}]")
    return table


def _fitting(path: Path, name: str, value: object) -> object:
    if name not in TYPES:
        raise UsageError(f"{path}: {name[:100]!r} is not a setting: {hint(name[:100], [*TYPES, *TABLES])}")
    try:
        fitting = msgspec.convert(value, TYPES[name])
    except msgspec.ValidationError as error:  # its message repeats no value: an address may contain a password
        raise UsageError(f"{path}: {name} does not fit: {error}") from None
    return str(_inside(path, value)) if name == "dataset" and isinstance(value, str) else fitting


def _ignores(path: Path, given: object) -> "list[Ignore]":
    if not isinstance(given, list):
        raise UsageError(f"{path}: ignore is not a list of tables: write [[{_head(path)}ignore]]")
    from audit.scan.ignores import read_ignore  # few files have ignores

    found = []
    for number, each in enumerate(given, start=1):
        try:
            found.append(read_ignore(each))
        except UsageError as error:
            raise UsageError(f"{path}: ignore number {number}: {error}") from None
    return found


def _levels(path: Path, given: object) -> "dict[str, Level]":
    if not isinstance(given, dict):
        raise UsageError(f"{path}: levels is not a table: write [{_head(path)}levels]")
    from audit.findings.level import Level
    from audit.scan.rules import find

    found = {}
    for name, value in given.items():
        try:
            rule = find(name).id
        except UsageError as error:
            raise UsageError(f"{path}: levels: {error}") from None
        if value not in list(Level):
            raise UsageError(
                f"{path}: levels: {rule} = {str(value)[:100]!r} is not a level: "
                f"{hint(str(value)[:100], map(str, Level))}"
            )
        found[rule] = Level(value)
    return found


def _head(path: Path) -> str:
    """The part before a table's name in its heading."""
    return "" if path.name == OWN_FILE else f"tool.{TABLE}."


def _inside(file: Path, given: str) -> Path:
    """The folder that a file names, which must be inside the file's own folder, also through links.

    Raises:
        UsageError: it is outside.
    """
    folder = file.parent / given
    try:
        is_inside = folder.resolve().is_relative_to(file.parent.resolve())
    except (OSError, ValueError, RuntimeError):  # a null character, a name too long, or links in a circle
        is_inside = False
    if not is_inside:
        advice = f"say --dataset, or {variable('dataset')}, for one elsewhere"
        raise UsageError(f"{file}: dataset = {given[:200]!r} leads out of the file's folder: {advice}")
    return folder


def _is_own(path: Path, folder: Path) -> bool:
    """Whether a file belongs to the user, and to the project of ``folder``: its repository, else the folder only."""
    marked = (p for p in (folder, *folder.parents) if any(os.path.exists(p / mark) for mark in _PROJECT_MARKS))
    return path.is_relative_to(next(marked, folder)) and path.stat().st_uid == os.getuid()


def _note(path: Path, values: Mapping[str, object], ignores: "Sequence[Ignore]", levels: "Mapping[str, Level]") -> str:
    texts = {name: str(value) for name, value in values.items()}
    shown = [f"{name} = {(masked(text) if name == 'index-url' else text)[:200]}" for name, text in texts.items()]
    shown += [f"ignore = {str(ignore)[:200]}" for ignore in ignores]
    shown += [f"levels.{rule} = {level}" for rule, level in levels.items()]
    return f"{path}, a settings file outside your project, sets {', '.join(shown)}"
