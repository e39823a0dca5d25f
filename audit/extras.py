"""The libraries of extras, which may not be installed, and the one line that says which extra to install."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from audit.errors import ExtraError

# For each extra of pyproject.toml: its libraries, by their import names. A missing keyring is never an error.
LIBRARIES: Final[Mapping[str, frozenset[str]]] = {
    "clickhouse": frozenset({"clickhouse_connect"}),
    "dialects": frozenset({"sqlglot"}),
    "pandas": frozenset({"pandas"}),
    "polars": frozenset({"polars"}),
    "replay": frozenset({"starlette", "uvicorn"}),
    "report": frozenset({"altair", "jinja2", "markdown_it", "vl_convert"}),
    "shell": frozenset({"prompt_toolkit", "pygments"}),
    "spark": frozenset({"py4j", "pyspark"}),
}


@contextmanager
def needing(extra: str, what: str) -> Iterator[None]:
    """Within the block an import may fail because a library of this extra is missing: then ``what`` is not available.

    Raises:
        ExtraError: a library is missing; says what to install.
    """
    try:
        yield
    except ImportError as error:
        library = (error.name or "").partition(".")[0]
        if library not in LIBRARIES[extra]:
            raise
        raise ExtraError(
            f"{what} needs {library}, which is not installed: pip install 'release-audit[{extra}]' brings it"
        ) from error
