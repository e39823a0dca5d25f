"""Lists of requirements and constraints, as pip takes them.

https://pip.pypa.io/en/stable/reference/requirements-file-format/ defines them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pip_requirements_parser as pip

from audit.masking import masked
from audit.scan.inputs.document import MOST_PINS, Document
from audit.scan.inputs.includes import Includes, NamedFile
from audit.scan.inputs.pinning import file_of, marker_of, name_in, outside, project_of, short, version_in
from audit.scan.inputs.requirement_line import Line, lines_of
from audit.scan.pins import Input, NotOnIndex, Pin, PinnedBy

_DEEPEST: Final = 20


@dataclass(slots=True)
class _Read:
    """What has been read so far, in the order in which pip reads it."""

    includes: Includes
    asked: list[Pin] = field(default_factory=list)
    constraints: list[Pin] = field(default_factory=list)
    elsewhere: list[NotOnIndex] = field(default_factory=list)
    indexes: list[str] = field(default_factory=list)
    has_many_indexes: bool = False


def read_requirements(document: Document, path: str | None) -> Input:
    """The pins of a list of requirements and of the lists that it includes with ``-r`` and ``-c``.

    Lists are read only from ``path``'s own tree: see `Includes`. What a constraint pins is a pin as well, since it may
    be a dependency; a range that is asked for gets the version and the hashes that a constraint pins.

    Args:
        document: the list's text.
        path: its path; None: it has none, and no other list is read.

    Raises:
        InputError: pip could not read a line, or an included list.
    """
    read = _Read(Includes.of(path))
    place = read.includes.first
    _read(read, document, place, chain=(place,) if place else (), is_constraint=False)
    index = read.indexes[-1] if read.indexes and not read.has_many_indexes else None
    pins = [replace(pin, index=index) for pin in _combined(read.asked, read.constraints)]
    return Input(document.source, document.format, pins, read.elsewhere)


def _read(
    read: _Read, document: Document, place: NamedFile | None, *, chain: Sequence[NamedFile], is_constraint: bool
) -> None:
    for line in lines_of(document):
        if len(read.asked) + len(read.constraints) + len(read.elsewhere) > MOST_PINS:
            raise document.fault(line.number, f"at most {MOST_PINS:,} requirements are expected")
        if line.requirement is not None:
            _add(read, document, line, is_constraint=is_constraint)
            continue
        options = line.options
        read.elsewhere += [_editable(document, line.number, target) for target in options.editables]
        read.indexes += [masked(options.index_url)] if options.index_url else []
        read.has_many_indexes |= bool(options.extra_index_urls)
        for target, is_other in [
            *((target, is_constraint) for target in options.requirements),
            *((target, True) for target in options.constraints),
        ]:
            _include(read, document, line.number, target, (place, chain), is_constraint=is_other)


def _include(
    read: _Read,
    document: Document,
    line: int,
    target: str,
    came: tuple[NamedFile | None, Sequence[NamedFile]],
    *,
    is_constraint: bool,
) -> None:
    beside, chain = came
    place = read.includes.place(document, line, target.lstrip("="), beside)
    if isinstance(place, NotOnIndex):
        read.elsewhere.append(place)
        return
    if place.path in {each.path for each in chain}:
        raise document.fault(line, "a list that does not bring in itself is expected")
    if len(chain) > _DEEPEST:
        raise document.fault(line, f"lists that are at most {_DEEPEST} deep in each other are expected")
    other = read.includes.take(document, line, place, is_constraint=is_constraint)
    if other is not None:
        _read(read, other, place, chain=(*chain, place), is_constraint=is_constraint)


def _add(read: _Read, document: Document, line: Line, *, is_constraint: bool) -> None:
    parts = line.requirement
    link = pip.Link(parts.requirement.url) if parts.requirement and parts.requirement.url else parts.link
    if link is not None:
        name = parts.requirement.name if parts.requirement else _last_of(link)
        read.elsewhere.append(outside(document, line.number, name, _kind(link), link.url))
        return
    pin = _pin(document, line.number, parts, line.options.hashes)
    (read.constraints if is_constraint else read.asked).append(pin)


def _pin(document: Document, line: int, parts: Any, hashes: Sequence[str]) -> Pin:
    specifiers = parts.requirement.specifier
    version = version_in(specifiers)
    files = tuple(file_of(document, None, [each], line=line) for each in hashes)
    return Pin(
        document.source,
        line,
        project_of(document, parts.requirement.name, line),
        version if version is None else short(document, version, line),
        short(document, str(specifiers), line),
        PinnedBy.HASH if hashes else PinnedBy.RANGE if version is None else PinnedBy.VERSION,
        tuple(file for file in files if file.sha256),
        marker_of(document, [str(parts.marker)] if parts.marker else [], line),
    )


def _editable(document: Document, line: int, target: str) -> NotOnIndex:
    link = pip.Link(target.lstrip("="))
    return outside(document, line, link.egg_fragment or _last_of(link), _kind(link), link.url)


def _last_of(link: Any) -> str:
    """The name for a link without a name: its end."""
    return name_in(masked(link.url)) or masked(link.url)


def _kind(link: Any) -> str:
    """The word for the place of a link."""
    if link.is_vcs:
        return "the repository"
    return "the address" if "://" in link.url and not link.is_file else "the path"


def _combined(asked: Sequence[Pin], constraints: Sequence[Pin]) -> Iterator[Pin]:
    """What is asked for, each with its constraint; then what only constraints pin."""
    exact = {pin.project: pin for pin in constraints if pin.version is not None}
    for pin in asked:
        constraint = exact.get(pin.project)
        if pin.version is None and constraint is not None and constraint.marker in {None, pin.marker}:
            yield replace(constraint, marker=pin.marker)
        else:
            yield pin
    named = {pin.project for pin in asked}
    yield from (pin for pin in constraints if pin.version is not None and pin.project not in named)
