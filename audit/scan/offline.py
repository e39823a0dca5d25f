"""What an index must have listed, according to the inputs: a dataset in memory, made from lock files only."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from packaging.utils import NormalizedName

from audit.crawl.given import index_page, tables_of
from audit.dataset.dataset import Dataset
from audit.scan.pins import Input, Pin, PinnedFile

CAVEAT: Final = (
    "Offline: only what the inputs themselves say is known. A release's first upload is the earliest that is listed "
    "there, a lower bound: the true lag can be greater, never less."
)


def of_inputs(inputs: Sequence[Input], now: datetime) -> Dataset:
    """The files of the inputs, as if an index had listed just these; their projects count as asked for.

    Raises:
        DatasetError: the system's temporary folder cannot be written.
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
        project: index_page(project, versions.get(project, {}), map(_listed, named.values()))
        for project, named in files.items()
        if named
    }
    return Dataset.of_tables(tables_of(pages, now))


def _pins(inputs: Sequence[Input]) -> Iterable[Pin]:
    return (pin for each in inputs for pin in each.pins)


def _listed(file: PinnedFile) -> dict[str, object]:
    fields = {
        "filename": file.filename,
        "hashes": {"sha256": file.sha256} if file.sha256 else {},
        "size": file.size_bytes,
        "upload-time": file.uploaded_at,
    }
    return {name: value for name, value in fields.items() if value is not None}
