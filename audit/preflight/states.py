"""What will happen to each file, decided in the same order as an index does; pure.

The order is that of PyPI's upload endpoint: metadata, a file of this name, a name used before, the release's age, the
release's sdist, the archive, the name (https://github.com/pypi/warehouse/blob/main/warehouse/forklift/legacy.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from packaging.utils import NormalizedName

from audit.model import Kind
from audit.preflight.built import BuiltFile
from audit.preflight.listed import Listed, ListedFile
from audit.preflight.rule import UploadRule

# A release is created before its first visible upload: usually seconds before, but its first file may have been
# deleted.
UNSURE: Final = timedelta(hours=24)
# The only plain Linux platforms that PyPI accepts, as there is no manylinux for them.
_PLAIN_LINUX: Final = frozenset({"linux_armv6l", "linux_armv7l"})


class State(StrEnum):
    """The state of a file for the index."""

    NEW_RELEASE = "new-release"
    JOINS = "joins"
    IDENTICAL = "identical"
    DIFFERS = "differs"
    LATE = "late"
    SECOND_SDIST = "second-sdist"
    NAME_USED_BEFORE = "name-used-before"
    BAD_NAME = "bad-name"
    BAD_FILE = "bad-file"


class Verdict(StrEnum):
    """What the index will do with a file, as far as that is known."""

    ACCEPTED = "accepted"
    SKIPPED = "skipped"
    MAY_BE_REFUSED = "may be refused"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FileState:
    """A file's state; ``release`` is the release that it joins or is in, as the index spells it (None: a new one).

    ``age`` is the release's at the upload, by its first visible upload: a lower bound. None: unknown, or no release.
    ``closes_at`` is the latest time from which the rule accepts no more files for it; None: never, or unknown.
    """

    file: BuiltFile
    state: State
    verdict: Verdict
    why: str
    release: str | None = None
    age: timedelta | None = None
    closes_at: datetime | None = None

    @property
    def is_refused(self) -> bool:
        """Whether it would be refused, or has a name that no installer accepts."""
        return self.verdict is Verdict.REFUSED or self.state is State.BAD_NAME


def states_of(
    files: Sequence[BuiltFile], listed: Mapping[NormalizedName, Listed], rule: UploadRule | None, at: datetime
) -> list[FileState]:
    """The state of each file if they were uploaded at ``at``, one after the other in this order.

    ``listed`` has every project of the files. ``rule`` None: an index that accepts every file that it does not have.
    """
    states: list[FileState] = []
    for file in files:
        states.append(_state(file, listed, rule, at, states))
    return states


def _state(
    file: BuiltFile,
    listed: Mapping[NormalizedName, Listed],
    rule: UploadRule | None,
    at: datetime,
    before: Sequence[FileState],
) -> FileState:
    if file.fault is not None:
        return _refused(file, State.BAD_FILE, file.fault)
    if file.project is None or file.version is None:
        verdict = Verdict.MAY_BE_REFUSED if rule is None else Verdict.REFUSED
        return FileState(file, State.BAD_NAME, verdict, file.odd_name or "nothing says which project and version it is")
    if rule is not None and (why := _odd_metadata(file)):
        return _refused(file, *why)
    has = listed[file.project]
    release = has.spelled(file.version)
    found = _by_listing(file, has, release) or _by_rule(file, has, release, rule, at, before) or _by_name(file, rule)
    return found or _accepted(file, has, release, rule, at)


def _refused(file: BuiltFile, state: State, why: str, release: str | None = None) -> FileState:
    return FileState(file, state, Verdict.REFUSED, why, release)


def _odd_metadata(file: BuiltFile) -> tuple[State, str] | None:
    if file.version is not None and file.version.local:
        return State.BAD_NAME, f"PyPI takes no local version ({file.version})"
    if file.odd_metadata is not None:
        return State.BAD_FILE, f"its metadata does not keep to the specification: {file.odd_metadata}"
    return None


def _by_listing(file: BuiltFile, has: Listed, release: str | None) -> FileState | None:
    """The state by a listed file of this name or content; None: there is none."""
    same = next((each for each in has.files if each.filename == file.filename), None)
    if same is None:
        return None
    if same.sha256 == file.sha256:
        return FileState(file, State.IDENTICAL, Verdict.SKIPPED, "the index has it already", release)
    if same.sha256 is None:
        why = f"the index has a file of this name, but gives no sha256 to compare{_sizes(file, same)}"
        return _refused(file, State.DIFFERS, why, release)
    return _refused(file, State.DIFFERS, f"the index has this name with other content{_sizes(file, same)}", release)


def _sizes(file: BuiltFile, same: ListedFile) -> str:
    if same.size_bytes is None or same.size_bytes == file.size_bytes:
        return ""
    return f" ({same.size_bytes:,} bytes there, {file.size_bytes:,} here)"


def _by_rule(
    file: BuiltFile,
    has: Listed,
    release: str | None,
    rule: UploadRule | None,
    at: datetime,
    before: Sequence[FileState],
) -> FileState | None:
    """The state by PyPI's rules on files; another index may have some of them, but does not say which."""
    refused = Verdict.REFUSED if rule is not None else Verdict.MAY_BE_REFUSED
    vanished = has.vanished or {}
    if file.filename in vanished:
        gone = vanished[file.filename]
        since = "" if gone is None else f" since {_day(gone)}"
        why = f"a file of this name was listed once and is gone{since}: PyPI takes each name only once"
        return FileState(file, State.NAME_USED_BEFORE, refused, why, release)
    same = next((each.filename for each in has.files if each.sha256 == file.sha256), None)
    if rule is not None and same is not None:
        return _refused(file, State.DIFFERS, f"PyPI takes the same content only once, and has this as {same}", release)
    age, closes_at = _age(has, release, rule, at)
    if rule is not None and rule.window is not None and age is not None and age > rule.window:
        why = f"the release is at least {_span(age)} old, and PyPI takes files for {rule.days} days"
        return FileState(file, State.LATE, Verdict.REFUSED, why, release, age, closes_at)
    if file.kind is Kind.SDIST and (other := _sdist(file, has, release, before)):
        why = f"there is {other}, and PyPI takes only one sdist for each release"
        return FileState(file, State.SECOND_SDIST, refused, why, release)
    return None


def _sdist(file: BuiltFile, has: Listed, release: str | None, before: Sequence[FileState]) -> str | None:
    """The sdist that the release has or will have before this one."""
    there = [each.filename for each in has.of(release) if each.kind == Kind.SDIST] if release is not None else []
    there += [
        each.file.filename
        for each in before
        if each.verdict in {Verdict.ACCEPTED, Verdict.MAY_BE_REFUSED}
        and each.file.kind is Kind.SDIST
        and (each.file.project, each.file.version) == (file.project, file.version)
    ]
    return next(iter(there), None)


def _by_name(file: BuiltFile, rule: UploadRule | None) -> FileState | None:
    """The state by its name, which on PyPI must have the normalized spelling (PEP 625, PEP 427)."""
    if rule is None:  # some indexes accept a name that no installer accepts
        odd = file.odd_name
        return None if odd is None else FileState(file, State.BAD_NAME, Verdict.MAY_BE_REFUSED, odd)
    if file.odd_name is not None:
        return _refused(file, State.BAD_NAME, file.odd_name)
    own = str(file.project).replace("-", "_")
    due = f"{own}-{file.version}.tar.gz"
    if file.kind is Kind.SDIST and file.filename != due:
        return _refused(file, State.BAD_NAME, f"PyPI takes this sdist only as {due} (PEP 625)")
    if file.kind is Kind.WHEEL and file.filename.partition("-")[0] != own:
        return _refused(file, State.BAD_NAME, f"PyPI takes wheels of {file.project} only with names that begin {own}-")
    plain = {tag.platform for tag in file.tags if tag.platform.startswith("linux_")} - _PLAIN_LINUX
    if plain:
        why = f"PyPI takes no wheel for {min(plain)}: auditwheel turns it into one for manylinux or musllinux"
        return _refused(file, State.BAD_NAME, why)
    return None


def _accepted(file: BuiltFile, has: Listed, release: str | None, rule: UploadRule | None, at: datetime) -> FileState:
    if release is None:
        why = "a new project" if not has.versions else "a new release"
        return FileState(file, State.NEW_RELEASE, Verdict.ACCEPTED, why)
    age, closes_at = _age(has, release, rule, at)
    why = "its age is not known" if age is None else f"the release is at least {_span(age)} old"
    if rule is None or rule.window is None:
        return FileState(file, State.JOINS, Verdict.ACCEPTED, why, release, age)
    if age is None or closes_at is None:
        why += f": PyPI takes files for {rule.days} days"
        return FileState(file, State.JOINS, Verdict.MAY_BE_REFUSED, why, release)
    left = closes_at - at
    if left < UNSURE:
        why += f", closes in {_span(left)} or before: when it was created is not public"
        return FileState(file, State.JOINS, Verdict.MAY_BE_REFUSED, why, release, age, closes_at)
    return FileState(file, State.JOINS, Verdict.ACCEPTED, f"{why}, closes in {_span(left)}", release, age, closes_at)


def _age(
    has: Listed, release: str | None, rule: UploadRule | None, at: datetime
) -> tuple[timedelta | None, datetime | None]:
    """The least age of the release, and when it closes; the index's clock may be ahead of ours."""
    first = has.first_uploaded_at(release) if release is not None else None
    if first is None:
        return None, None
    closes_at = first + rule.window if rule is not None and rule.window is not None else None
    return max(at - first, timedelta(0)), closes_at


def _span(time: timedelta) -> str:
    """A length of time, rounded down: in days, and up to two weeks with hours."""
    days, hours = time.days, time.seconds // 3600
    parts = [f"{days:,} day{'' if days == 1 else 's'}"] if days else []
    if not days or (hours and days <= 14):
        parts.append(f"{hours} h")
    return " ".join(parts)


def _day(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d")
