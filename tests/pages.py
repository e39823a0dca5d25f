"""Small recordings: folders of pages for the replay index, written file by file."""

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def file(filename: str, uploaded_at: str = "2020-01-01T00:00:00.000000Z", **changes: Any) -> dict[str, Any]:
    """One file of an Index API page."""
    fields = {
        "filename": filename,
        "hashes": {"sha256": hashlib.sha256(filename.encode()).hexdigest()},
        "requires-python": None,
        "size": 10,
        "upload-time": uploaded_at,
        "url": f"../../packages/{filename}",
        "yanked": False,
    }
    return fields | changes


def record(
    folder: Path,
    project: str,
    files: Sequence[Mapping[str, Any]],
    versions: Sequence[str],
    serial: int = 1,
    **changes: Any,
) -> None:
    """Writes one project's Index API page."""
    page = {
        "meta": {"api-version": "1.1", "_last-serial": serial},
        "name": project,
        "versions": list(versions),
        "files": list(files),
    }
    path = folder / "index" / f"{project}.json.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(json.dumps(page | changes).encode(), mtime=0))


def spam(folder: Path, *names: str, serial: int = 1, **changes: Any) -> None:
    """Writes a page for the project spam, release 1.0, with these files."""
    record(folder, "spam", [file(name, **changes) for name in names], ["1.0"], serial)
