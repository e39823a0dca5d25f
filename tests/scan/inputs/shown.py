"""Pins as short texts, and how to read a single text."""

from audit.scan.inputs import read
from audit.scan.pins import Input

ONE, OTHER = "a1" * 32, "b2" * 32


def given(text: str, path: str = "-") -> Input:
    """What a text pins; its format is recognized by its content."""
    return read(path, text=text.encode())


def pins_of(found: Input) -> list[str]:
    """A line for each pin: line, project, version or specifier, what pins it, marker and index if given."""
    return [
        " ".join(
            [
                f"{pin.line}:",
                pin.project,
                pin.version or pin.specifier or "any",
                pin.pinned_by.value,
                *([f"if {pin.marker}"] if pin.marker else []),
                *([f"from {pin.index}"] if pin.index else []),
            ]
        )
        for pin in found.pins
    ]


def files_of(found: Input) -> list[tuple[int | None, str | None, str | None]]:
    """Line, filename and hash of each file of each pin."""
    return [(file.line, file.filename, file.sha256) for pin in found.pins for file in pin.files]


def elsewhere_of(found: Input) -> list[tuple[int | None, str, str]]:
    """Line, name and place of what no index has."""
    return [(each.line, each.name, each.what) for each in found.not_on_index]
