"""Many documents made from the recorded ones by a seeded generator: an index as large as a test or benchmark wants."""

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.recorded import BOTH_FORMS, json_document


@dataclass(frozen=True, slots=True)
class Made:
    """One made document: ``body`` is the JSON API document of ``project``, not compressed."""

    project: str
    serial: int
    body: bytes


def documents(
    count: int, *, seed: int = 1, mean_bytes: int = 140_000, files_at: str = "../../packages/"
) -> Iterator[Made]:
    """``count`` documents of ``mean_bytes`` on average; the same arguments give the same bytes.

    Each takes whole releases of one recorded document until it has a size drawn around the mean, and renames its
    project and files. The addresses of files begin with ``files_at``.
    """
    chance = random.Random(seed)  # repeatable, not secret
    recorded = {project: json.loads(json_document(project)) for project in BOTH_FORMS}
    for number in range(count):
        origin = chance.choice(BOTH_FORMS)
        size = round(mean_bytes * chance.triangular(0.1, 2.7, 0.3))
        project, serial = f"{origin}-{number:06d}", 1_000_000 + number
        yield Made(project, serial, _document(recorded[origin], origin, project, serial, size, chance, files_at))


def _document(
    recorded: dict[str, Any],
    origin: str,
    project: str,
    serial: int,
    size: int,
    chance: random.Random,
    files_at: str,
) -> bytes:
    releases: dict[str, Any] = {}
    left = size
    versions = list(recorded["releases"])
    chance.shuffle(versions)
    for version in versions:
        if left <= 0:
            break
        files = recorded["releases"][version]
        text = json.dumps(files)
        kept = files[: max(1, round(len(files) * min(1.0, left / len(text))))]
        releases[version] = [_renamed(file, origin, project, files_at) for file in kept]
        left -= len(text)
    document = {"info": {**recorded["info"], "name": project}, "last_serial": serial, "releases": releases, "urls": []}
    return json.dumps(document | {"vulnerabilities": []}, separators=(",", ":")).encode()


def _renamed(file: dict[str, Any], origin: str, project: str, files_at: str) -> dict[str, Any]:
    """The file under its new project's name, which is escaped in filenames; the rest of the name stays.

    Of the three digests only SHA-256 is kept, and written in the places of the others: a document then shrinks to an
    eighth under gzip, as an index's documents do on average.
    """
    filename = project.replace("-", "_") + file["filename"][len(origin) :]
    sha256 = file["digests"]["sha256"]
    digests = {"blake2b_256": sha256, "md5": sha256[:32], "sha256": sha256}
    return {**file, "filename": filename, "url": files_at + filename, "digests": digests, "md5_digest": sha256[:32]}


def write_recording(folder: Path, made: Iterator[Made]) -> list[str]:
    """Writes documents as a recording that the replay index serves; gives their projects."""
    (folder / "json").mkdir(parents=True, exist_ok=True)
    projects = []
    for document in made:
        (folder / "json" / f"{document.project}.json.gz").write_bytes(gzip.compress(document.body, 6, mtime=0))
        projects.append(document.project)
    return projects
