"""The user's netrc file, found and read as pip and requests do."""

import logging
import os
from collections.abc import Mapping
from netrc import NetrcParseError, netrc
from pathlib import Path

_log = logging.getLogger(__name__)
_NAMES = (".netrc", "_netrc")

# Name and password by host; the entry "" is for every other host.
Entries = Mapping[str, tuple[str, str]]


def read_netrc(environment: Mapping[str, str]) -> Entries:
    """The entries of the file that ``NETRC`` names, else of the one in the user's home; empty where there is no file.

    The file's mode does not matter, as with pip. A file that cannot be read is reported in one line, and gives no
    password.
    """
    path = _path(environment)
    if path is None:
        return {}
    try:
        hosts = netrc(str(path)).hosts
    except NetrcParseError as error:  # its message may repeat a password
        _log.warning("%s cannot be parsed (line %s): no password is taken from it", path, error.lineno)
    except ValueError:
        _log.warning("%s cannot be parsed: no password is taken from it", path)
    except OSError as error:
        _log.warning("%s cannot be read (%s): no password is taken from it", path, error.strerror)
    else:
        return {"" if host == "default" else host.lower(): _pair(*entry) for host, entry in hosts.items()}
    return {}


def _path(environment: Mapping[str, str]) -> Path | None:
    named = environment.get("NETRC")
    places = [f"~/{name}" for name in _NAMES] if named is None else [named]
    return next((Path(place) for place in map(os.path.expanduser, places) if os.path.exists(place)), None)


def _pair(login: str | None, account: str | None, password: str | None) -> tuple[str, str]:
    return login or account or "", password or ""
