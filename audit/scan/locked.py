"""When an input was made: as the user says, by its repository, or by the newest file in it. Never by a file's mtime."""

import os
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from audit.scan.findings import LockTime
from audit.scan.pins import Input

_SECONDS: Final = 20
# A stranger's repository must not make git run or fetch anything (core.fsmonitor, promisors).
_GIT: Final = ("git", "--no-pager", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never")
_QUIET: Final = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def lock_time(found: Input, given: datetime | None) -> LockTime | None:
    """When the input was made, and how that is known; None: unknown.

    ``given`` is the time that the user gave. Without it: the commit that last changed the file, if its content is still
    that commit's; else the newest upload time in it, a lower bound: it was made then or later.
    """
    if given is not None:
        return LockTime(given, "given")
    committed = _committed(Path(found.source)) if Path(found.source).is_file() else None
    if committed is not None:
        return LockTime(committed, "git")
    newest = max(_uploads(found), default=None)
    return None if newest is None else LockTime(newest, "newest upload")


def _uploads(found: Input) -> Iterable[datetime]:
    return (file.uploaded_at for pin in found.pins for file in pin.files if file.uploaded_at is not None)


def _committed(path: Path) -> datetime | None:
    """The time of git's last commit that changed the file; None: no commit has it, or it was changed since."""
    then = _git(path, "rev-list", "--max-count=1", "--timestamp", "HEAD", "--", path.name)
    if not then:
        return None
    kept = _git(path, "rev-parse", f"HEAD:./{path.name}")
    if not kept or kept != _git(path, "hash-object", "--no-filters", "--", path.name):
        return None
    return datetime.fromtimestamp(int(then.split()[0]), UTC)


def _git(path: Path, *arguments: str) -> str | None:
    """The output of git in the file's folder; None: it failed, or git is not installed."""
    try:
        ran = subprocess.run(  # noqa: S603 - no shell, and a name behind "--" is no option
            [*_GIT, *arguments],
            cwd=path.resolve().parent,
            env={**os.environ, **_QUIET},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ran.stdout.decode("utf-8", "replace").strip() if ran.returncode == 0 else None
