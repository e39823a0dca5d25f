"""What an index must have listed, by what the inputs tell of it: a dataset made of lock files alone."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from packaging.utils import NormalizedName

from audit.crawl.given import commit_pages
from audit.scan.pins import Input, Pin, PinnedFile

CAVEAT: Final = (
    "Offline: only what the inputs themselves tell is known. A release's first upload is the earliest that is listed "
    "there, a lower bound: the true lag can be greater, never less."
)


def make_dataset(folder: Path, inputs: Sequence[Input], now: datetime) -> None:
    """Commits the files of the inputs to ``folder``, as if an index had listed just these.

    Raises:
        DatasetError: the folder cannot be written.
    """
    files: dict[NormalizedName, dict[str, PinnedFile]] = {}
    versions: dict[NormalizedName, dict[str, None]] = {}
    for pin in _pins(inputs):
        named = files.setdefault(pin.project, {})
        for file in pin.files:
            if file.filename is not None and (file.filename not in named or named[file.filename].uploaded_at is None):
                named[file.filename] = file
        if pin.version is not None:
            versions.setdefault(pin.project, {})[pin.version] = None
    pages = {
        project: _page(project, versions.get(project, {}), named.values()) for project, named in files.items() if named
    }
    commit_pages(folder, pages, now)


def _pins(inputs: Sequence[Input]) -> Iterable[Pin]:
    return (pin for each in inputs for pin in each.pins)


def _page(project: NormalizedName, versions: Iterable[str], files: Iterable[PinnedFile]) -> bytes:
    """A page of the Index API (PEP 691, PEP 700) that lists these files."""
    return msgspec.json.encode(
        {
            "meta": {"api-version": "1.1"},
            "name": project,
            "versions": list(versions),
            "files": [_listed(file) for file in files],
        }
    )


def _listed(file: PinnedFile) -> dict[str, object]:
    told = {
        "filename": file.filename,
        "hashes": {"sha256": file.sha256} if file.sha256 else {},
        "size": file.size_bytes,
        "upload-time": file.uploaded_at,
    }
    return {name: value for name, value in told.items() if value is not None}
