"""Settings: what a file or the environment says once, so that no command line has to.

Of growing force: an option's default, the settings file, the environment, the command line. The file is the first one
found from the working directory upward: in each folder ``release-audit.toml``, else a ``pyproject.toml`` that has a
table ``[tool.release-audit]``. Files of other folders are not read, and nothing is merged.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import msgspec

from audit.cli.options import PREFIX, variable
from audit.errors import UsageError, hint
from audit.model import Api
from audit.reports.format import LogFormat

OWN_FILE: Final = "release-audit.toml"
SHARED_FILE: Final = "pyproject.toml"
TABLE: Final = "release-audit"

# By name, as in the file; each is the option of that name, wherever a command has it.
TYPES: Final[Mapping[str, object]] = {
    "dataset": str,
    "index-url": str,
    "api": Api,
    "workers": Annotated[int, msgspec.Meta(ge=1)],
    "own-index": bool,
    "contact": str,
    "rate": Annotated[float, msgspec.Meta(ge=0.001)],
    "log-format": LogFormat,
    "window-days": Annotated[int, msgspec.Meta(ge=1)],
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a settings file says, by name; ``path`` is the file (None: there is none). A path in it is absolute."""

    path: Path | None
    values: Mapping[str, object]

    def defaults(self, commands: Iterable[str]) -> dict[str, object]:
        """The values as each of ``commands`` takes them: by the name of the option's parameter."""
        by_parameter = {name.replace("-", "_"): value for name, value in self.values.items()}
        return dict.fromkeys(commands, by_parameter)


def read_settings(folder: Path) -> Settings:
    """The settings that hold in ``folder``.

    Raises:
        UsageError: the file does not read, or a name or a value in it does not fit; names the file and the key.
    """
    for parent in (folder, *folder.parents):
        for path in (parent / OWN_FILE, parent / SHARED_FILE):
            table = _table(path) if path.is_file() else None
            if table is not None:
                return Settings(path, {name: _fitting(path, name, value) for name, value in table.items()})
    return Settings(None, {})


def check_environment(environment: Mapping[str, str]) -> None:
    """Holds that each variable with the program's prefix is a setting: a slip of the pen would be ignored silently.

    Raises:
        UsageError: one is not; says which is close.
    """
    known = [variable(name) for name in TYPES]
    for name in environment:
        if name.startswith(PREFIX) and name not in known:
            raise UsageError(f"the environment's {name} is no setting: {hint(name, known)}")


def _table(path: Path) -> Mapping[str, object] | None:
    """The table of settings in a file; None: a file that other programs share has none."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:  # UnicodeDecodeError and TOMLDecodeError are ValueErrors
        raise UsageError(f"{path} does not read: {error}") from None
    if path.name == OWN_FILE:
        return document
    tools = document.get("tool", {})
    table = tools.get(TABLE) if isinstance(tools, dict) else None
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{path}: tool.{TABLE} is no table: write [tool.{TABLE}]")
    return table


def _fitting(path: Path, name: str, value: object) -> object:
    if name not in TYPES:
        raise UsageError(f"{path}: {name!r} is no setting: {hint(name, TYPES)}")
    try:
        fitting = msgspec.convert(value, TYPES[name])
    except msgspec.ValidationError as error:  # which repeats no value: an address may hold a password
        raise UsageError(f"{path}: {name} does not fit: {error}") from None
    return str(path.parent / value) if name == "dataset" and isinstance(value, str) else fitting
