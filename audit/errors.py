"""What can go wrong, as exception types with the facts; only the command line turns them into exit codes."""

import difflib
from collections.abc import Iterable


class AuditError(Exception):
    """Something a user can fix; ``str()`` is one line that names the thing, the value and what to do."""


class UsageError(AuditError):
    """An argument does not fit (exit code 2)."""


class ParameterError(UsageError):
    """A value does not fit a query's parameter: ``name`` of ``query``; ``expected`` says what would fit."""

    def __init__(self, query: str, name: str, value: object, expected: str) -> None:
        super().__init__(f"{query}: {name} = {value!r} does not fit: {expected}")
        self.query = query
        self.name = name
        self.value = value
        self.expected = expected


class DatasetError(AuditError):
    """A dataset cannot be read or written (exit code 3)."""


class OutputError(AuditError):
    """A file that a user asked for cannot be written (exit code 3)."""


class QueryError(AuditError):
    """A query is refused or fails (exit code 2: the call is wrong).

    ``pointer`` is two lines of text: the line of the user's SQL with the error, and a caret below it; empty: no line is
    known.
    """

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.pointer = pointer


class EngineError(AuditError):
    """Another engine than DuckDB cannot be asked, or refuses (exit code 3)."""


class ExtraError(AuditError):
    """A library of one of the program's extras is not installed (exit code 3)."""


class IndexAddressError(UsageError):
    """An index address does not fit."""


class CrawlError(AuditError):
    """A crawl could not run at all (exit code 3)."""


class InputError(AuditError):
    """A lock file, or another input of a scan, cannot be read (exit code 3): where, and what was expected there.

    ``line`` counts from 1; None: no line in particular. The message contains no piece of the file: it may be secret.
    """

    def __init__(self, source: str, line: int | None, expected: str) -> None:
        super().__init__(f"{source}{'' if line is None else f', line {line:,}'}: {expected}")
        self.source = source
        self.line = line
        self.expected = expected

    def __reduce__(self) -> tuple[type["InputError"], tuple[str, int | None, str]]:
        return type(self), (self.source, self.line, self.expected)


class DecodeError(AuditError):
    """A document does not fit: ``reason`` is a code, ``detail`` says where (a JSON path) and why."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type["DecodeError"], tuple[str, str]]:
        return type(self), (self.reason, self.detail)


class FetchError(AuditError):
    """A request had no usable answer: ``reason`` is a code such as ``http-503``; ``attempts`` were made."""

    def __init__(self, reason: str, detail: str, *, attempts: int = 1) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.attempts = attempts


def hint(word: str, known: Iterable[str], otherwise: str | None = None) -> str:
    """Suggests the known word that ``word`` begins, or that is closest to it, in any case.

    If none is close: ``otherwise``, or all known words if that is not given.
    """
    by_lower = {name.lower(): name for name in known}
    close = [name for name in by_lower if word and name.startswith(word.lower())]
    close += difflib.get_close_matches(word.lower(), by_lower, n=1)
    if close:
        return f"did you mean {by_lower[close[0]]!r}?"
    return f"there are {', '.join(by_lower.values())}" if otherwise is None else otherwise
