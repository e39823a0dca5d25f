"""The recorded sample, as bytes."""

import gzip
from pathlib import Path

SAMPLE = Path(__file__).parent.parent / "data" / "sample"
EXPECTED = Path(__file__).parent / "expected"
BOTH_FORMS = ["markupsafe", "ninja", "numpy", "pyyaml", "requests"]


def index_page(project: str) -> bytes:
    """An Index API page as recorded."""
    return gzip.decompress((SAMPLE / "index" / f"{project}.json.gz").read_bytes())


def json_document(project: str) -> bytes:
    """A JSON API document as recorded."""
    return gzip.decompress((SAMPLE / "json" / f"{project}.json.gz").read_bytes())


def projects() -> list[str]:
    """All recorded projects."""
    return sorted(path.name.removesuffix(".json.gz") for path in (SAMPLE / "index").glob("*.json.gz"))
