"""release-audit: which files came long after the first file of their release, counted exactly.

``audit.open("data/pypi")`` returns a dataset to ask; it is the way to everything else.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from audit.dataset.dataset import Dataset
    from audit.portable.elsewhere import Elsewhere

__all__ = ["__version__", "open"]


if TYPE_CHECKING:
    __version__: str
else:

    def __getattr__(name: str) -> str:
        """Returns ``__version__``, which a checkout finds out only when it is needed."""
        if name != "__version__":
            raise AttributeError(f"module 'audit' has no attribute {name!r}")
        from audit.program import version  # noqa: PLC0415 - as below

        return version()


@overload
def open(  # noqa: A001 - as below
    path: str | Path, *, projects: Iterable[str] | None = None, including_deleted: bool = False
) -> "Dataset": ...


@overload
def open(path: str | Path, *, engine: str) -> "Elsewhere": ...  # noqa: A001 - as below


def open(  # noqa: A001 - audit.open is the name people look for
    path: str | Path,
    *,
    projects: Iterable[str] | None = None,
    including_deleted: bool = False,
    engine: str | None = None,
) -> "Dataset | Elsewhere":
    """The dataset that crawls wrote to the folder ``path``, as its last commit left it.

    ``projects`` makes it a slice: every answer is as if the dataset had only these projects.

    ``including_deleted`` measures lags from the first known upload, deleted files included, if an import brought any
    (see docs/import.md): the caveat of an answer says what is known.

    ``engine`` asks another engine than DuckDB: ``spark`` or ``clickhouse://HOST/DATABASE``, see docs/engines.md. Then
    ``path`` can be an ``s3://`` address, and only portable queries can be asked.

    The dataset keeps reading that one commit, whatever later crawls do, until the second crawl after it.

    Raises:
        audit.errors.UsageError: ``path`` is an empty text, ``projects`` is a single text, it or ``including_deleted``
        is given with ``engine``, or no such engine is known. audit.errors.ExtraError: the library for the engine is not
        installed; says what to install. audit.errors.EngineError: the engine refuses, or cannot be reached.
        audit.errors.DatasetError: there is no dataset at ``path``, or its schema is of another version.
    """
    # Imported late: `import audit` stays light, and so does the command line's --help.
    from audit.dataset.dataset import Dataset  # noqa: PLC0415 - see above
    from audit.errors import UsageError  # noqa: PLC0415 - see above

    if not str(path).strip():
        raise UsageError("the path of the dataset is empty: name a folder")
    if engine is not None:
        from audit.extras import needing  # noqa: PLC0415 - see above

        with needing("dialects", "a question to another engine"):
            from audit.portable.elsewhere import Elsewhere  # noqa: PLC0415 - see above

        if projects is not None:
            raise UsageError(
                "another engine cannot answer for a slice: leave projects out, or ask one project by its name"
            )
        if including_deleted:
            raise UsageError("another engine knows no deleted files: leave including_deleted out, or leave engine out")
        return Elsewhere(str(path), engine)
    return Dataset(Path(path), projects=projects, including_deleted=including_deleted)
