"""The recorded sample, as bytes."""

import gzip
from pathlib import Path

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
EXPECTED = Path(__file__).parent / "expected"
BOTH_FORMS = ["markupsafe", "ninja", "numpy", "pyyaml", "requests"]


def recorded(folder: str, project: str) -> bytes:
    """A page as recorded: ``folder`` is index or json."""
    return gzip.decompress((SAMPLE / folder / f"{project}.json.gz").read_bytes())


def index_page(project: str) -> bytes:
    """An Index API page as recorded."""
    return recorded("index", project)


def json_document(project: str) -> bytes:
    """A JSON API document as recorded."""
    return recorded("json", project)


def projects() -> list[str]:
    """All recorded projects."""
    return sorted(path.name.removesuffix(".json.gz") for path in (SAMPLE / "index").glob("*.json.gz"))
