"""Ignores: findings that a user has checked and ignores, with the reason. Loads little, as settings need it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec
from packaging.utils import canonicalize_name, canonicalize_version

from audit.errors import UsageError, hint
from audit.scan.rules import find


@dataclass(frozen=True, slots=True)
class Ignore:
    """What is ignored: findings of ``rule``, limited to the project, version and file that are given.

    ``project`` is normalized. ``until`` is the last day on which it is valid; None: always valid.
    """

    rule: str
    reason: str
    project: str | None = None
    version: str | None = None
    filename: str | None = None
    until: datetime.date | None = None

    def is_expired(self, today: datetime.date) -> bool:
        """Whether it is no longer valid."""
        return self.until is not None and today > self.until

    def covers(self, rule: str, project: str | None, version: str | None, filename: str | None) -> bool:
        """Whether it covers this finding. Versions are compared by PEP 440: 1.0 equals 1.0.0."""
        return (
            self.rule == rule
            and self.project in {None, project}
            and (self.version is None or _same_version(self.version, version))
            and self.filename in {None, filename}
        )

    def __str__(self) -> str:
        parts = [self.project, self.version and f"=={self.version}", self.filename and f" {self.filename}"]
        return " ".join(filter(None, [self.rule, "".join(filter(None, parts)).strip()]))


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    rule: str
    reason: Annotated[str, msgspec.Meta(pattern=r"\S")]
    project: str | None = None
    version: str | None = None
    filename: str | None = None
    until: datetime.date | None = None


_NAMES: Final = _Table.__struct_fields__


def read_ignore(table: object) -> Ignore:
    """One table ``[[ignore]]`` of a settings file.

    Raises:
        UsageError: a name or a value in it does not fit, there is no such rule, or the reason is missing.
    """
    if not isinstance(table, Mapping):
        raise UsageError("it is not a table: write [[ignore]] with rule = and reason = below")
    for name in table:
        if name not in _NAMES:
            raise UsageError(f"{str(name)[:100]!r} is not one of its keys: {hint(str(name)[:100], _NAMES)}")
    if "reason" not in table:
        raise UsageError("it has no reason: say why, in one sentence, for whoever reads it later")
    try:
        fitting = msgspec.convert(table, _Table)
    except msgspec.ValidationError as error:
        raise UsageError(f"it does not fit: {error}") from None
    project = fitting.project and canonicalize_name(fitting.project)
    rule = find(fitting.rule).id
    return Ignore(rule, fitting.reason.strip(), project, fitting.version, fitting.filename, fitting.until)


def _same_version(given: str, version: str | None) -> bool:
    if version is None:
        return False
    return given == version or canonicalize_version(given) == canonicalize_version(version)
