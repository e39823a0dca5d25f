"""What the tests of the replay share."""

import gzip
from pathlib import Path
from typing import Any

import msgspec

from audit.replay.derive import document_from

INDEX_TYPE = "application/vnd.pypi.simple.v1+json"
# Wheels of 2014 and 2015, whose upload tool wrote the interpreter it ran on instead of the wheel's tag.
OTHER_INTERPRETERS = {"numpy": 4, "pyyaml": 6, "requests": 18}

Document = dict[str, Any]


def write(folder: Path, name: str, document: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f"{name}.new"
    new.write_bytes(gzip.compress(msgspec.json.encode(document)))
    new.replace(folder / f"{name}.json.gz")


def page(name: str, serial: int | str = "7", *filenames: str, **more: object) -> Document:
    files = [{"filename": f, "url": f"../../packages/{f}", "hashes": {"sha256": "00"}} for f in filenames]
    return {"meta": {"api-version": "1.1", "_last-serial": serial}, "name": name, "files": files, **more}


def derived(index_page: Document) -> Document:
    body = document_from(msgspec.json.encode(index_page))
    assert body is not None
    document: Document = msgspec.json.decode(body)
    return document


def by_filename(document: Document) -> dict[str, Document]:
    return {f["filename"]: {"version": v, **f} for v, files in document["releases"].items() for f in files}
