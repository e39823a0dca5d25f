"""The record of where a distribution came from, if not from an index (PEP 610).

https://packaging.python.org/en/latest/specifications/direct-url-data-structure/
"""

from typing import Any

from msgspec import Struct


class Archive(Struct):
    """An archive's hashes; ``hash`` is the older form of one of them, ``sha256=...``."""

    hash: str | None = None
    hashes: dict[str, str] | None = None

    def listed(self) -> list[str]:
        """The hashes, such as ``sha256:...``."""
        return [*(f"{kind}:{digits}" for kind, digits in (self.hashes or {}).items()), *filter(None, [self.hash])]


class DirectUrl(Struct):
    """An address, and what it is: an archive, a repository or a folder."""

    url: str
    archive_info: Archive | None = None
    vcs_info: dict[str, Any] | None = None
    dir_info: dict[str, Any] | None = None

    @property
    def kind(self) -> str:
        """The word for the kind of place."""
        if self.vcs_info is not None:
            return "the repository"
        return "the folder" if self.dir_info is not None else "the address"
