"""The mark by which a folder is known to be a dataset: ``dataset.json``, which says what it is of."""

from pathlib import Path
from typing import Final, Literal

import msgspec

from audit.disk.small import read_small
from audit.disk.whole import write_whole
from audit.errors import DatasetError

NAME: Final = "dataset.json"
PART: Final = f".{NAME}.part"
_FORMAT: Final = "release-audit dataset"


class Mark(msgspec.Struct, frozen=True):
    """What a dataset is of: one index, asked through one API.

    ``index_url`` is the root of the Index API, normalized and without credentials. None: not told yet.
    """

    format: Literal["release-audit dataset"]
    index_url: str | None = None
    api: Literal["json", "simple"] | None = None


def mark_of(index_url: str | None = None, api: Literal["json", "simple"] | None = None) -> Mark:
    """The mark of a dataset of this index and API."""
    return Mark(_FORMAT, index_url, api)


def read_mark(folder: Path) -> Mark | None:
    """The mark of the dataset in ``folder``; None: it has none.

    Raises:
        DatasetError: there is a ``dataset.json`` that is no mark.
    """
    path = folder / NAME
    try:
        return msgspec.json.decode(read_small(path), type=Mark)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} is no mark of a dataset ({error}): choose another --dataset") from None


def write_mark(folder: Path, mark: Mark) -> None:
    """Writes the mark, at once for every reader; only who holds the dataset's lock does.

    Raises:
        OSError: it cannot be written.
    """
    write_whole(folder / NAME, msgspec.json.format(msgspec.json.encode(mark), indent=2) + b"\n")
