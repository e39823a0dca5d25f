"""The formats an answer can have; light, so that the command line can name them without loading one."""

from enum import StrEnum


class Format(StrEnum):
    """``table`` is for a person at a terminal and rounds; the others are exact, and ``parquet`` is no text."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"
    PARQUET = "parquet"


class ReportFormat(StrEnum):
    """``html`` is one file to open, ``markdown`` a text to paste into a post."""

    HTML = "html"
    MARKDOWN = "markdown"


class LogFormat(StrEnum):
    """How a crawl's progress is told."""

    TEXT = "text"
    JSON = "json"
