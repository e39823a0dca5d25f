"""Makes the pages that the benchmarks' index serves, and moves some of them."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from audit.replay.derive import page_from
from tests.corpus import Made, documents, write_recording


@dataclass(slots=True)
class Index:
    """A folder of pages: ``serials`` are those in its root, ``moved`` the pages that have changed since they were made.

    The sizes are means over its documents, in bytes.
    """

    folder: Path
    serials: dict[str, int]
    raw_bytes: float = 0.0
    gzip_bytes: float = 0.0
    moved: dict[str, int] = field(default_factory=dict)

    def move(self, count: int) -> None:
        """Changes ``count`` documents and the root: a file of each is yanked now, or no longer."""
        step = len(self.serials) // count
        moved = {project: self.serials[project] + 1_000_000 for project in list(self.serials)[::step][:count]}
        for project, serial in moved.items():
            path = self.folder / "json" / f"{project}.json.gz"
            document = json.loads(gzip.decompress(path.read_bytes()))
            files = next(files for files in document["releases"].values() if files)
            files[0]["yanked"] = not files[0]["yanked"]
            document["last_serial"] = serial
            path.write_bytes(gzip.compress(json.dumps(document, separators=(",", ":")).encode(), 6, mtime=0))
        self.serials |= moved
        self.moved |= moved
        self.write_root()

    def add_pages(self) -> None:
        """Writes the Index API page of each document, compressed like the rest."""
        (self.folder / "index").mkdir()
        for path in (self.folder / "json").iterdir():
            page = page_from(gzip.decompress(path.read_bytes()))
            (self.folder / "index" / path.name).write_bytes(gzip.compress(page, 6, mtime=0))

    def write_root(self) -> None:
        """Writes the index's root, compressed like the rest."""
        projects = [{"name": name, "_last-serial": serial} for name, serial in self.serials.items()]
        root = {"meta": {"api-version": "1.4", "_last-serial": max(self.serials.values())}, "projects": projects}
        (self.folder / "root.json.gz").write_bytes(gzip.compress(json.dumps(root).encode(), 6, mtime=0))


def make_index(folder: Path, count: int, mean_bytes: int, files_at: str = "../../packages/") -> Index:
    """Writes ``count`` documents of ``mean_bytes`` on average, whose files' addresses begin so, and the root."""
    index = Index(folder, {})
    write_recording(folder, _noted(documents(count, mean_bytes=mean_bytes, files_at=files_at), index))
    index.raw_bytes /= count
    index.gzip_bytes = sum(path.stat().st_size for path in (folder / "json").iterdir()) / count
    index.write_root()
    return index


def _noted(made: Iterator[Made], index: Index) -> Iterator[Made]:
    for document in made:
        index.serials[document.project] = document.serial
        index.raw_bytes += len(document.body)
        yield document
