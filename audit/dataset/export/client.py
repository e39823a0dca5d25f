"""What a dataset can be exported to, by the names of the command line."""

from enum import StrEnum


class Client(StrEnum):
    """A format; `audit.dataset.export.formats` says how each is written."""

    DUCKDB = "duckdb"
    BROWSER = "browser"
    SQLITE = "sqlite"
    CSV = "csv"
    PARQUET_PARTITIONED = "parquet-partitioned"
