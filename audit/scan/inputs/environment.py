"""What is installed: versions, and for each wheel its file, found from its tags."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import Distribution
from pathlib import Path
from typing import Final

from audit.errors import InputError
from audit.scan.inputs.direct_url import DirectUrl
from audit.scan.inputs.document import Document
from audit.scan.inputs.pinning import outside, pin_of, short
from audit.scan.pins import Input, NotOnIndex, Pin, PinnedFile

_FORMAT: Final = "installed environment"
# Where packages are below an environment's prefix; the last is for a folder of packages itself.
_FOLDERS: Final = ("lib/python3*/site-packages", "lib/pypy3*/site-packages", "lib64/python3*/site-packages")
_ENDINGS: Final = (".dist-info", ".egg-info")
_METADATA: Final = ("METADATA", "PKG-INFO")
# These installers build what they install themselves, or take it from their own channels.
_OTHER_INSTALLERS: Final = frozenset({"conda", "debian", "rpm", "apk", "pacman"})


def installed(prefix: Path | None) -> Input:
    """What is installed in an environment; None: in the running one.

    ``prefix`` is the environment's ``sys.prefix``, or a folder of packages. A wheel built on this machine has tags that
    no index has: the file that it was built from is not known, so the version pins it.

    Raises:
        InputError: there is no folder of packages, or its content cannot be read.
    """
    source = sys.prefix if prefix is None else str(prefix)
    folders = [Path(each) for each in sys.path if each] if prefix is None else _below(prefix)
    if not folders:
        expected = "an environment is expected, with lib/python3.*/site-packages in it, or a folder of packages"
        raise InputError(source, None, expected)
    document = Document(source, "", _FORMAT)
    found = list(_first_of_each(document, folders))
    pins = [each for each in found if isinstance(each, Pin)]
    elsewhere = [each for each in found if isinstance(each, NotOnIndex)]
    by_name = sorted(pins, key=lambda pin: (pin.project, pin.version or ""))
    return Input(source, _FORMAT, by_name, sorted(elsewhere, key=lambda each: each.name))


def _below(prefix: Path) -> list[Path]:
    found = [folder for pattern in _FOLDERS for folder in sorted(prefix.glob(pattern))]
    found += [folder for folder in (prefix / "Lib" / "site-packages",) if folder.is_dir()]
    own = [prefix] if prefix.is_dir() and any(name.endswith(_ENDINGS) for name in os.listdir(prefix)) else []
    return list(dict.fromkeys(folder.resolve() for folder in [*found, *own]))


def _first_of_each(document: Document, folders: list[Path]) -> Iterator[Pin | NotOnIndex]:
    """What an import would find: for each project the first one on the path."""
    seen: set[str] = set()
    for folder in folders:
        for path in _distributions(folder):
            found = _read(document, path)
            name = found.project if isinstance(found, Pin) else found.name
            if name not in seen:
                yield found
            seen.add(name)


def _distributions(folder: Path) -> list[Path]:
    try:
        return sorted(folder / name for name in os.listdir(folder) if name.endswith(_ENDINGS))
    except OSError:  # a path may be no folder, or may not exist
        return []


def _read(document: Document, path: Path) -> Pin | NotOnIndex:
    if not path.is_dir() or not any((path / name).is_file() for name in _METADATA):
        return NotOnIndex(document.source, None, path.name, "broken: it has no metadata")
    distribution = Distribution.at(path)
    name, version = (_field(distribution, field) for field in ("Name", "Version"))
    if not name or not version:
        return NotOnIndex(document.source, None, path.name, "broken: its metadata has no name or no version")
    installer = (distribution.read_text("INSTALLER") or "").strip().lower()
    if installer in _OTHER_INSTALLERS:
        return NotOnIndex(document.source, None, name, f"installed by {installer}")
    if (direct := distribution.read_text("direct_url.json")) is not None:
        return _direct(document, name, direct)
    filename = _filename(path.name, distribution.read_text("WHEEL") or "")
    files = [] if filename is None else [PinnedFile(short(document, filename, None), is_inferred=True)]
    return pin_of(document, name, version, files, None, is_enforced=False)


def _field(distribution: Distribution, field: str) -> str | None:
    """Its first value in the metadata; None: it is missing, which ``metadata[field]`` makes an error in Python 3.15."""
    return next(iter(distribution.metadata.get_all(field) or []), None)


def _direct(document: Document, name: str, text: str) -> NotOnIndex:
    place = replace(document, source=f"{document.source}: {name}'s direct_url.json", text=text)
    direct = place.json(DirectUrl)
    return outside(document, None, name, direct.kind, direct.url)


def _filename(folder: str, wheel: str) -> str | None:
    """The name of the wheel with this folder and file WHEEL; None: no index has it."""
    fields = [line.partition(":") for line in wheel.splitlines()]
    tags = [value.strip().split("-") for key, _, value in fields if key.strip().lower() == "tag"]
    builds = [value.strip() for key, _, value in fields if key.strip().lower() == "build"]
    tags = [tag for tag in tags if len(tag) == 3]
    if not tags or any(tag[2].startswith("linux_") for tag in tags):
        return None
    parts = (".".join(dict.fromkeys(part)) for part in zip(*tags, strict=True))
    return "-".join([folder.removesuffix(".dist-info"), *builds[:1], *parts]) + ".whl"
