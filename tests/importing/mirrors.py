"""Mirrors as bandersnatch writes them, file by file."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from audit.replay.derive import document_from


def page_of(project: str, files: Sequence[Mapping[str, Any]], versions: Sequence[str], serial: int = 1) -> bytes:
    """An Index API page as bandersnatch writes it."""
    meta = {"api-version": "1.1", "_last-serial": str(serial)}
    return json.dumps({"meta": meta, "name": project, "versions": list(versions), "files": list(files)}).encode()


def document_of(page: bytes) -> bytes:
    """The JSON document of a page, laid out as bandersnatch does."""
    return json.dumps(json.loads(document_from(page) or b"{}"), indent=4, sort_keys=True).encode()


def write(folder: Path, name: str, content: bytes) -> Path:
    """Writes a file below ``web``."""
    path = folder / "web" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def synced(folder: Path, time: str = "20261123T10:15:00") -> None:
    """Says when the mirror was brought up to date."""
    write(folder, "last-modified", f"{time}\n".encode())


def put(folder: Path, project: str, page: bytes) -> None:
    """Writes a project's page in both forms, as a mirror does with ``json = true``."""
    write(folder, f"simple/{project}/index.v1_json", page)
    write(folder, f"simple/{project}/index.html", b"<!DOCTYPE html>")
    write(folder, f"json/{project}", document_of(page))
    write(folder, f"pypi/{project}/json", document_of(page))


def keep(folder: Path, project: str, stamp: str, page: bytes, serial: int = 1) -> None:
    """Writes a project's page as a mirror does with ``keep_index_versions``: a version, and a link to it."""
    version = write(folder, f"simple/{project}/versions/index_{serial}_{stamp}Z.v1_json", page)
    write(folder, f"simple/{project}/versions/index_{serial}_{stamp}Z.html", b"<!DOCTYPE html>")
    link = folder / "web" / "simple" / project / "index.v1_json"
    link.unlink(missing_ok=True)
    link.symlink_to(version)
