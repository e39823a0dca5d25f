"""The version of this program: datasets, crawls, reports and citations name it, so numbers can be counted again."""

import os
import re
from functools import cache
from pathlib import Path
from typing import Final

_UNKNOWN: Final = "0+unknown"
# The output of `git describe --long`: the last release and the commits since (not without tags), and the commit.
_DESCRIBED: Final = re.compile(r"(?:v(?P<tag>\S+)-(?P<since>\d+)-g)?(?P<commit>[0-9a-f]+)(?P<dirty>-dirty)?")
_DESCRIBE: Final = ("describe", "--tags", "--match", "v[0-9]*", "--long", "--always", "--dirty", "--abbrev=9")
_LONGEST_SECONDS: Final = 10


@cache
def version() -> str:
    """The version of the running program (PEP 440), the same for the life of the process.

    ``0.1.0`` is that release, ``0.1.0+g89151444b`` a commit after it, and ``.dirty`` at the end says that files were
    changed since the commit. An installation has the version that it was built from. In a checkout git is asked: an
    editable install stays after a ``git pull``, and a number must name the code that counted it. Without git it is the
    installed version.
    """
    return version_of(Path(__file__).parents[1], _installed())


def version_of(checkout: Path, installed: str) -> str:
    """The version by git at ``checkout``; the ``installed`` version if git knows nothing there."""
    described = _described(checkout) if (checkout / ".git").exists() else None
    if described is None:
        return installed
    is_release = described["tag"] and described["since"] == "0" and not described["dirty"]
    base = described["tag"] or installed.partition("+")[0]
    return base if is_release else f"{base}+g{described['commit']}{'.dirty' if described['dirty'] else ''}"


def _installed() -> str:
    try:
        from audit._version import INSTALLED  # noqa: PLC0415 - only an installation has this file
    except ImportError:
        return _UNKNOWN
    return str(INSTALLED)


def _described(checkout: Path) -> "re.Match[str] | None":
    import subprocess  # noqa: PLC0415 - an installation that is not a checkout does not need it

    # In a git hook, git's variables mean another repository.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "--no-optional-locks", "-C", str(checkout), *_DESCRIBE]
    try:
        result = subprocess.run(  # noqa: S603 - arguments of our own
            command, env=environment, capture_output=True, text=True, timeout=_LONGEST_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return _DESCRIBED.fullmatch(result.stdout.strip()) if result.returncode == 0 else None
