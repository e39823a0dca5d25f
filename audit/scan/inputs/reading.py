"""From a path to its pins: reads the text, recognizes the format, and calls the reader of that format."""

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Final

from audit.errors import InputError
from audit.scan.inputs.bounded import check_size, read_named, read_standard_input
from audit.scan.inputs.decoding import decoded
from audit.scan.inputs.document import MOST_PINS, Document
from audit.scan.inputs.materials import read_cyclonedx, read_spdx, read_spdx_3
from audit.scan.inputs.pdm_lock import read_pdm_lock
from audit.scan.inputs.pip_json import read_pip_inspect, read_pip_report
from audit.scan.inputs.pipfile_lock import read_pipfile_lock
from audit.scan.inputs.poetry_lock import read_poetry_lock
from audit.scan.inputs.pylock import read_pylock
from audit.scan.inputs.recognize import KNOWN, InputFormat, format_of
from audit.scan.inputs.uv_lock import read_uv_lock
from audit.scan.pins import Input

STANDARD_INPUT: Final = "-"
READERS: Final[Mapping[InputFormat, Callable[[Document], Input]]] = {
    InputFormat.UV: read_uv_lock,
    InputFormat.PYLOCK: read_pylock,
    InputFormat.POETRY: read_poetry_lock,
    InputFormat.PDM: read_pdm_lock,
    InputFormat.PIPFILE: read_pipfile_lock,
    InputFormat.PIP_REPORT: read_pip_report,
    InputFormat.PIP_INSPECT: read_pip_inspect,
    InputFormat.CYCLONEDX: read_cyclonedx,
    InputFormat.SPDX: read_spdx,
    InputFormat.SPDX_3: read_spdx_3,
}


def read(path: str, *, text: bytes | None = None) -> Input:
    """Reads what an input pins. Uses no network.

    Args:
        path: a file of any known format, whatever its name; ``-`` is standard input.
        text: its content; None: read it.

    Raises:
        InputError: it cannot be read; says which file, which line, and what is expected there.
    """
    if text is None:
        text = read_standard_input() if path == STANDARD_INPUT else read_named(path)
    check_size(text, path)
    shown = decoded(text, path)
    format_ = format_of(shown, path)
    if format_ is None:
        raise InputError(path, None, f"it is none of these: {KNOWN}")
    if format_ is InputFormat.REQUIREMENTS:
        from audit.scan.inputs.requirements import read_requirements  # noqa: PLC0415 - its parser loads as much as all others

        found = read_requirements(_list(path, shown), None if path == STANDARD_INPUT else path)
    else:
        found = READERS[format_](Document.of(path, text, format_.value))
    if len(found.pins) + len(found.not_on_index) > MOST_PINS:
        raise InputError(path, None, f"it has more than {MOST_PINS:,} pins: no project needs so many")
    return found


def _list(path: str, text: str) -> Document:
    """The document of a list of requirements; constraints are such a list too."""
    is_constraints = "constraint" in PurePath(path).name.lower()
    return Document(path, text, "constraints" if is_constraints else InputFormat.REQUIREMENTS.value)
