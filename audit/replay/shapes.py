"""The shapes of the two APIs' answers: the parts from which one can be derived from the other."""

import msgspec
from msgspec import field


class IndexFile(msgspec.Struct, rename="kebab"):
    """A file in the Index API; ``upload_time`` is kept as text, so that nothing is lost."""

    filename: str
    url: str
    hashes: dict[str, str]
    requires_python: str | None = None
    size: int | None = None
    upload_time: str | None = None
    yanked: bool | str = False


class _Meta(msgspec.Struct):
    last_serial: int | str | None = field(default=None, name="_last-serial")


class _Status(msgspec.Struct):
    status: str = "active"


class IndexPage(msgspec.Struct, rename="kebab"):
    """A project in the Index API (PEP 691, 700, 792)."""

    name: str
    files: list[IndexFile]
    meta: _Meta
    versions: list[str] = field(default_factory=list)
    project_status: _Status = field(default_factory=_Status)


class JsonFile(msgspec.Struct):
    """A file in the JSON API."""

    filename: str
    url: str
    digests: dict[str, str]
    requires_python: str | None = None
    size: int | None = None
    upload_time_iso_8601: str | None = None
    yanked: bool = False
    yanked_reason: str | None = None


class _Info(msgspec.Struct):
    name: str


class JsonDocument(msgspec.Struct):
    """A project in the JSON API."""

    info: _Info
    releases: dict[str, list[JsonFile]]
    last_serial: int | str | None = None
