"""release-audit: which files came long after the first file of their release, counted exactly.

``audit.open("data/pypi")`` gives a dataset to ask; everything else is reached from there.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.access import Dataset

__all__ = ["__version__", "open"]

__version__ = "0.1.0"


def open(path: str | Path, *, projects: Iterable[str] | None = None) -> "Dataset":  # noqa: A001 - audit.open is the name people look for
    """The dataset that crawls wrote to the folder ``path``, as its last commit left it.

    ``projects`` makes it a slice: every answer is as if the dataset held these projects alone.

    The handle keeps reading that one commit, whatever a later crawl does, until the second crawl after it.

    Raises:
        audit.errors.UsageError: ``path`` is an empty text, or ``projects`` is one text.
        audit.errors.DatasetError: there is no dataset at ``path``, or its schema is of another version.
    """
    # Imported late: `import audit` stays light, and so does the command line's --help.
    from audit.access import Dataset  # noqa: PLC0415 - see above
    from audit.errors import UsageError  # noqa: PLC0415 - see above

    if not str(path).strip():
        raise UsageError("the path of the dataset is empty: name a folder")
    return Dataset(Path(path), projects=projects)
