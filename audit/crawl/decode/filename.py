"""What a filename says: kind and wheel tags. Names come from strangers and may be anything."""

import re
from collections.abc import Sequence
from functools import lru_cache

from packaging.utils import NormalizedName, canonicalize_name

from audit.crawl.decode.version import facts_of
from audit.model import Kind

# What pip unpacks (pip._internal.utils.filetypes), except wheels; and .tar.Z, which old uploads have.
SDIST_ENDINGS = (
    *(".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tar", ".tbz"),
    *(".txz", ".tlz", ".tar.lz", ".tar.lzma", ".tar.z"),
)
KIND_BY_ENDING = {
    ".whl": Kind.WHEEL,
    ".egg": Kind.EGG,
    ".exe": Kind.WININST,
    ".msi": Kind.MSI,
    ".rpm": Kind.RPM,
    ".dmg": Kind.DMG,
    **dict.fromkeys(SDIST_ENDINGS, Kind.SDIST),
}
# bdist_dumb names its archive after distutils' get_platform(): NAME-VERSION.linux-x86_64.tar.gz
DUMB_PLATFORM = r"\.(?:linux|macosx|darwin|freebsd|cygwin|solaris|aix|win)(?:-[\w.-]+|32)"
# The version comes before the platform: zope.win32-1.0.tar.gz is an sdist of a project that is named after one.
_VERSION_BEGINS = r"-v?\d"
# The same as one pattern, for engines that search in linear time.
DUMB_NAME = f"(?s){_VERSION_BEGINS}.*{DUMB_PLATFORM}"
_VERSION = re.compile(_VERSION_BEGINS, re.IGNORECASE | re.ASCII)
_DUMB = re.compile(DUMB_PLATFORM, re.IGNORECASE)
_BUILD_TAG = re.compile(r"[0-9][^-]*")

WheelTags = tuple[str | None, str | None, str | None, str | None]
_NO_TAGS: WheelTags = (None, None, None, None)
WHEEL_COLUMNS = ("build", "python_tag", "abi_tag", "platform_tag")


def split_ending(filename: str) -> tuple[str, Kind | None]:
    """The name without its ending, and the kind that the ending means; None where it means none.

    An ending in capitals means a kind as well, though no installer takes such a file.
    """
    stem, dot, last = filename.rpartition(".")
    ending = dot + last.lower()
    if stem[-4:].lower() == ".tar":
        stem, ending = stem[:-4], f".tar{ending}"
    kind = KIND_BY_ENDING.get(ending)
    if kind is None:
        return filename, None
    return stem, Kind.DUMB if kind is Kind.SDIST and _is_dumb(stem) else kind


def _is_dumb(stem: str) -> bool:
    version = _VERSION.search(stem)
    return version is not None and _DUMB.search(stem, version.end()) is not None


def kind_of(filename: str) -> Kind | None:
    """The kind that the name's ending means; None where it means none."""
    return split_ending(filename)[1]


def kinds_of(filenames: Sequence[str]) -> list[Kind | None]:
    """The kind of each file, as `kind_of` gives it: most wheels need no call of it (some end in ``.tar.whl``)."""
    wheel = Kind.WHEEL  # looking it up each time takes as long as all the rest
    return [wheel if name[-4:] == ".whl" and name[-8:-7] != "." else kind_of(name) for name in filenames]


def wheel_tags(filename: str) -> WheelTags:
    """(build, python, abi, platform) of a wheel's name; each set of tags sorted and joined by '.', in lower case.

    All None for a name that the wheel specification (PEP 427) does not allow: no installer picks such a file.
    """
    at = filename.find("-")
    return _tags_of(filename[at + 1 :]) if at > 0 else _NO_TAGS


@lru_cache(maxsize=1 << 16)
def _tags_of(tail: str) -> WheelTags:
    """The tags in ``version-[build-]python-abi-platform.whl``; cached, as the same ones come again and again."""
    version, *parts = tail.removesuffix(".whl").split("-")
    if not tail.endswith(".whl") or facts_of(version).version_key is None:
        return _NO_TAGS
    build = parts.pop(0) if len(parts) == 4 else None
    if len(parts) != 3 or (build is not None and not _BUILD_TAG.fullmatch(build)):
        return _NO_TAGS
    python, abi, platform = (".".join(sorted(set(part.lower().split(".")))) for part in parts)
    return (build, python, abi, platform) if python and abi and platform else _NO_TAGS


def wheel_columns(
    project: NormalizedName, filenames: Sequence[str], kinds: Sequence[object]
) -> dict[str, Sequence[object]]:
    """The four columns that come from wheels' names; None for every other kind, and for another project's wheel.

    An installer reads ``num-2-1.0-py3-none-any.whl`` as version 2 of num, not as a file of num-2.
    """
    wheel = Kind.WHEEL.value
    parts = [name.partition("-") for name in filenames]
    is_named = {name: is_project(name, project) for name in {name for name, _, _ in parts}}
    rows = [
        _tags_of(tail) if kind == wheel and is_named[name] else _NO_TAGS
        for (name, _, tail), kind in zip(parts, kinds, strict=True)
    ]
    columns = zip(*rows, strict=True) if rows else ((), (), (), ())
    return dict(zip(WHEEL_COLUMNS, columns, strict=True))


@lru_cache(maxsize=1 << 12)
def is_project(name: str, project: NormalizedName) -> bool:
    """Whether a spelling of a name is the project's; cached, as the same ones come again and again."""
    return canonicalize_name(name) == project
