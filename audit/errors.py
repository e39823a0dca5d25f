"""What can go wrong, as types that carry the facts; only the command line turns them into exit codes."""


class AuditError(Exception):
    """Something a user can mend; ``str()`` is one line that names the thing, the value and what to do."""


class UsageError(AuditError):
    """An argument does not fit (exit code 2)."""


class DatasetError(AuditError):
    """A dataset cannot be read or written (exit code 3)."""


class QueryError(AuditError):
    """A query is refused or fails (exit code 2: the words of the call are off)."""


class IndexAddressError(UsageError):
    """An index address does not fit."""


class CrawlError(AuditError):
    """A crawl could not run at all (exit code 3)."""


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
