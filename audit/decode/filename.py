"""What a filename tells: kind, version, wheel tags. Names come from strangers and may be anything."""

import re
from collections.abc import Sequence
from functools import lru_cache

from packaging.version import Version

from audit.decode.version import facts_of
from audit.model import Kind

SDIST_ENDINGS = (".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tar.Z", ".tar")
_KIND_BY_ENDING = {
    ".whl": Kind.WHEEL,
    ".egg": Kind.EGG,
    ".exe": Kind.WININST,
    ".msi": Kind.MSI,
    ".rpm": Kind.RPM,
    ".dmg": Kind.DMG,
    **dict.fromkeys(SDIST_ENDINGS, Kind.SDIST),
}
# bdist_dumb names its archive after distutils' get_platform(): NAME-VERSION.linux-x86_64.tar.gz
_DUMB = re.compile(
    r"\.(?:linux|macosx|darwin|freebsd|cygwin|solaris|aix|win)(?:-[\w.-]+|32)\.(?:tar(?:\.\w+)?|tgz|zip)"
)
_BUILD_TAG = re.compile(r"\d[^-]*")
_DELIMITERS = frozenset("-_.+")

WheelTags = tuple[str | None, str | None, str | None, str | None]
_NO_TAGS: WheelTags = (None, None, None, None)
WHEEL_COLUMNS = ("build", "python_tag", "abi_tag", "platform_tag")


def kind_of(filename: str) -> Kind | None:
    """The kind that the name's ending tells; None where it tells none."""
    for ending, kind in _KIND_BY_ENDING.items():
        if filename.endswith(ending):
            is_dumb = kind is Kind.SDIST and _DUMB.search(filename)
            return Kind.DUMB if is_dumb else kind
    return None


def wheel_tags(filename: str) -> WheelTags:
    """(build, python, abi, platform) of a wheel's name; each set of tags sorted and joined by '.', in lower case.

    All None for a name that the wheel specification (PEP 427) does not admit: no installer picks such a file.
    """
    at = filename.find("-")
    return _tags_of(filename[at + 1 :]) if at > 0 else _NO_TAGS


@lru_cache(maxsize=1 << 16)
def _tags_of(tail: str) -> WheelTags:
    """The tags in ``version-[build-]python-abi-platform.whl``; the same ones come again and again."""
    version, *parts = tail.removesuffix(".whl").split("-")
    if not tail.endswith(".whl") or facts_of(version).version_key is None:
        return _NO_TAGS
    build = parts.pop(0) if len(parts) == 4 else None
    if len(parts) != 3 or (build is not None and not _BUILD_TAG.fullmatch(build)):
        return _NO_TAGS
    python, abi, platform = (".".join(sorted(set(part.lower().split(".")))) for part in parts)
    return (build, python, abi, platform) if python and abi and platform else _NO_TAGS


def wheel_columns(filenames: Sequence[str], kinds: Sequence[object]) -> dict[str, Sequence[object]]:
    """The four columns that wheels' names tell, None for every other kind."""
    wheel = Kind.WHEEL.value
    rows = [wheel_tags(name) if kind == wheel else _NO_TAGS for name, kind in zip(filenames, kinds, strict=True)]
    columns = zip(*rows, strict=True) if rows else ((), (), (), ())
    return dict(zip(WHEEL_COLUMNS, columns, strict=True))


class VersionFinder:
    """Finds the release of each file of one project by its name, as the design's section 3 defines it.

    ``versions`` are the releases that the page lists; with none listed, a name with a strict grammar speaks for itself.
    """

    def __init__(self, project: str, versions: Sequence[str]) -> None:
        self._listed = frozenset(versions)
        self._by_canonical: dict[str, str] = {}
        for version in sorted(self._listed, reverse=True):  # of two equal ones the first by text, whatever the order
            self._by_canonical[_canonical(version)] = version
        self._name = re.compile(re.sub("-+", "[-_.]+", re.escape(project).replace(r"\-", "-")) + "[-_.]", re.IGNORECASE)
        self._longest_first = sorted(((_loose(v), v) for v in self._listed), key=lambda pair: (-len(pair[0]), pair))

    def version_of(self, filename: str) -> str | None:
        """The listed version that the file belongs to; None where the name does not tell."""
        strict = self._strict(filename)
        if strict is not None and (listed := self._lookup(strict)):
            return listed
        # A wheel's name is all that an installer reads: docutils-0.15.post1-py2-none-any.whl is 0.15.post1, not 0.15.
        if strict is not None and (filename.endswith(".whl") or not self._listed):
            return strict if facts_of(strict).version_key is not None else None
        return self._longest_listed(filename)

    def _strict(self, filename: str) -> str | None:
        """The version's spelling in a name whose grammar says where it stands (PEP 427, PEP 625)."""
        if filename.endswith(".whl"):
            parts = filename.split("-")
            return parts[1] if len(parts) in {5, 6} else None
        for ending in SDIST_ENDINGS:
            if filename.endswith(ending):
                stem = filename[: -len(ending)]
                prefix = self._name.match(stem)
                return stem[prefix.end() :] if prefix else None
        return None

    def _lookup(self, spelling: str) -> str | None:
        # Where both 3.1.0.rc1 and 3.1.0rc1 are listed, the normalized spelling is what installers and tools write.
        for listed in (_normalized(spelling), spelling):
            if listed in self._listed:
                return listed
        # In filenames "-" is written "_": 1.0-1 stands there as 1.0_1.
        candidates = (_canonical(text) for text in (spelling, spelling.replace("_", "-")))
        return next((self._by_canonical[text] for text in candidates if text in self._by_canonical), None)

    def _longest_listed(self, filename: str) -> str | None:
        prefix = self._name.match(filename)
        if prefix is None:
            return None
        rest = _loose(filename[prefix.end() :])
        for loose, version in self._longest_first:
            if rest.startswith(loose) and (len(rest) == len(loose) or rest[len(loose)] in _DELIMITERS):
                return version
        return None


def _normalized(spelling: str) -> str:
    """As PEP 440 writes it, with as many zeros as it has; itself where it is not PEP 440, or has too many digits."""
    return str(Version(spelling)) if facts_of(spelling).version_key is not None else spelling


def _canonical(version: str) -> str:
    """Equal for spellings that PEP 440 calls equal; a version that is none is equal to itself."""
    return facts_of(version).version_key or version


def _loose(text: str) -> str:
    """Spelling differences that file names bring: case, and "_" for "-"."""
    return text.lower().replace("_", "-")
