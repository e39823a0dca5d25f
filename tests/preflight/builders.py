"""Built files and what an index lists, for tests: records with defaults, and real files."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName, parse_sdist_filename, parse_wheel_filename
from packaging.version import Version

from audit.model import Kind
from audit.preflight.built import BuiltFile
from audit.preflight.listed import Listed, ListedFile
from audit.preflight.rule import UploadRule
from tests.installers.packages import content

AT = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
SPAM = NormalizedName("spam")
PYPI = UploadRule(timedelta(days=14))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def built(filename: str, content: str = "", requires_python: str = "", **changes: Any) -> BuiltFile:
    """A built file with the facts of its name; ``content`` distinguishes contents."""
    facts: dict[str, Any] = {"requires_python": SpecifierSet(requires_python)}
    if filename.endswith(".whl"):
        project, version, build, tags = parse_wheel_filename(filename)
        facts |= {"kind": Kind.WHEEL, "project": project, "version": version, "build": build, "tags": tags}
    else:
        project, version = parse_sdist_filename(filename)
        facts |= {"kind": Kind.SDIST, "project": project, "version": version}
    facts |= {"filename": filename, "sha256": digest(content or filename), "size_bytes": 10}
    return BuiltFile(**facts | changes)


def listed_file(filename: str, age: timedelta | None = timedelta(0), content: str = "", **changes: Any) -> ListedFile:
    """A listed file, uploaded so long before ``AT`` (None: the index does not say)."""
    kind = Kind.WHEEL if filename.endswith(".whl") else Kind.SDIST
    facts: dict[str, Any] = {
        "filename": filename,
        "version": filename.removesuffix(".tar.gz").split("-")[1],
        "kind": kind.value,
        "uploaded_at": None if age is None else AT - age,
        "sha256": digest(content or filename),
        "size_bytes": 10,
    }
    return ListedFile(**facts | changes)


def listed(*files: ListedFile, versions: Iterable[str] = (), **changes: Any) -> Listed:
    """The project spam with these files."""
    all_versions = dict.fromkeys([*versions, *(file.version for file in files)])
    facts: dict[str, Any] = {"project": SPAM, "versions": list(all_versions), "files": list(files)}
    return Listed(**facts | changes)


def write(folder: Path, filename: str, project: str = "spam", version: str | None = None) -> Path:
    """A real file of this name, which installers take."""
    folder.mkdir(exist_ok=True)
    path = folder / filename
    release = version or str(Version(filename.removesuffix(".tar.gz").removesuffix(".zip").split("-")[1]))
    path.write_bytes(content(filename, project, release))
    return path
