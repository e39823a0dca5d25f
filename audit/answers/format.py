"""The formats of an answer; light, so that the command line can name them without loading one."""

from enum import StrEnum

from audit.errors import UsageError


class Format(StrEnum):
    """``table`` is for a person at a terminal and rounds; the others are exact, and ``parquet`` is not text."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"
    PARQUET = "parquet"


def check_text(form: Format) -> None:
    """Checks that a format is text.

    Raises:
        UsageError: it is not.
    """
    if form is Format.PARQUET:
        raise UsageError("--format parquet is the answer to one question, as a file: see release-audit flags --help")


class ReportFormat(StrEnum):
    """``html`` is one file to open, ``markdown`` is text to paste into a post."""

    HTML = "html"
    MARKDOWN = "markdown"


class LogFormat(StrEnum):
    """How a crawl's progress is shown."""

    TEXT = "text"
    JSON = "json"
