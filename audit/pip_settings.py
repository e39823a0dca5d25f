"""pip's configuration, read from the same files and variables as pip does, with the same order of precedence.

https://pip.pypa.io/en/stable/topics/configuration/ says where and in which order. pip itself is not asked: a tool that
is installed separately often has no pip beside it, and ``pip config list`` shows no order.
"""

import configparser
import locale
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from platformdirs import PlatformDirs

from audit.errors import UsageError

# Later ones override earlier ones. The last, the environment, is not a section of a file.
_SECTIONS: Final = ("global", "install", ":env:")
_NAME: Final = "pip.ini" if sys.platform == "win32" else "pip.conf"
_YES: Final = frozenset({"y", "yes", "t", "true", "on", "1"})
_NO: Final = frozenset({"n", "no", "f", "false", "off", "0"})
# An empty value counts as not given.
PipOptions = Mapping[str, str]


def pip_options(environment: Mapping[str, str] | None = None) -> PipOptions:
    """The options that ``pip install`` would use here: ``index-url``, ``cert`` and so on, as they were written.

    A section counts more than its file: ``[install]`` overrides ``[global]``, in whatever files both are.
    ``environment`` None: this process's.

    Raises:
        UsageError: a file cannot be parsed. No message repeats its text, which may contain a password.
    """
    environment = os.environ if environment is None else environment
    by_section: dict[str, dict[str, str]] = {section: {} for section in _SECTIONS}
    for file in dict.fromkeys(_files(environment)):
        parser = _parsed(file)
        for section in by_section.keys() & set(parser.sections()):
            by_section[section] |= parser.items(section)
    variables = {name[4:]: value for name, value in environment.items() if name.startswith("PIP_")}
    by_section[":env:"] |= {_option(name): value for name, value in variables.items()}
    return {name: value for section in _SECTIONS for name, value in by_section[section].items() if value}


def is_on(options: PipOptions, name: str) -> bool:
    """Whether a switch is on.

    Raises:
        UsageError: its value is neither yes nor no.
    """
    value = options.get(name, "no").lower()
    if value not in _YES | _NO:
        raise UsageError(f"pip's {name} is {value[:40]!r}: set it to yes or no")
    return value in _YES


def _files(environment: Mapping[str, str]) -> Iterator[Path]:
    """The files of the machine, the user, the environment, and a given one; later ones override earlier ones."""
    given = environment.get("PIP_CONFIG_FILE")
    if given == os.devnull:  # this makes pip read no file
        return
    yield from (folder / _NAME for folder in _site_folders())
    if not (given and os.path.exists(given)):
        yield Path("~", "pip" if sys.platform == "win32" else ".pip", _NAME).expanduser()
        yield _user_folder() / _NAME
    yield Path(sys.prefix, _NAME)
    if given:
        yield Path(given)


def _site_folders() -> list[Path]:
    folders = PlatformDirs("pip", appauthor=False, multipath=True)
    if sys.platform == "win32":
        return [Path(folders.site_config_dir)]
    if sys.platform == "darwin":
        return [Path(folder) for folder in folders.site_data_dir.split(os.pathsep)]
    return [*map(Path, folders.site_config_dir.split(os.pathsep)), Path("/etc")]


def _user_folder() -> Path:
    folders = PlatformDirs("pip", appauthor=False, roaming=True)
    if sys.platform != "darwin":
        return Path(folders.user_config_dir)
    own = Path(folders.user_data_dir)
    return own if own.is_dir() else Path("~/.config/pip").expanduser()


class _Parser(configparser.RawConfigParser):
    """A parser that reads option names like pip."""

    def optionxform(self, optionstr: str) -> str:
        return _option(optionstr)


def _option(name: str) -> str:
    return name.lower().replace("_", "-").removeprefix("--")


def _parsed(file: Path) -> configparser.RawConfigParser:
    parser = _Parser()
    try:
        parser.read(file, encoding="utf-8" if sys.flags.utf8_mode else locale.getencoding())
    except UnicodeDecodeError as error:
        raise UsageError(f"pip's configuration {file} is not {error.encoding} text: correct it, or remove it") from None
    except configparser.Error as error:
        line = getattr(error, "lineno", None) or next(iter(getattr(error, "errors", [])), [None])[0]
        where = f", line {line}" if line else ""
        raise UsageError(f"pip's configuration {file}{where} cannot be parsed: pip cannot read it either") from None
    return parser
