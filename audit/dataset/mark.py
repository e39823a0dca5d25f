"""The mark that makes a folder a dataset: ``dataset.json``, which says which index it is of."""

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
    """Which index a dataset is of, and through which API it is asked.

    ``index_url`` is the root of the Index API, normalized and without credentials. None: not known yet.
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
        DatasetError: there is a ``dataset.json`` that is not a mark.
    """
    path = folder / NAME
    try:
        return msgspec.json.decode(read_small(path), type=Mark)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} is not the mark of a dataset ({error}): choose another --dataset") from None


def write_mark(folder: Path, mark: Mark) -> None:
    """Writes the mark, at once for every reader; the caller must have the dataset's lock.

    Raises:
        OSError: it cannot be written.
    """
    write_whole(folder / NAME, msgspec.json.format(msgspec.json.encode(mark), indent=2) + b"\n")
