"""The format of a text: by its content, for any name."""

import pytest

from audit.scan.inputs.reading import READERS
from audit.scan.inputs.recognize import Format, format_of

TEXTS = {
    Format.UV: 'version = 1\nrequires-python = ">=3.11"\n',
    Format.PYLOCK: 'lock-version = "1.0"\ncreated-by = "pip"\n\n[[packages]]\nname = "spam"\n',
    Format.POETRY: '[[package]]\nname = "spam"\n\n[metadata]\nlock-version = "2.1"\ncontent-hash = "00"\n',
    Format.PDM: '[metadata]\nlock_version = "4.5.0"\ncontent_hash = "sha256:00"\n\n[[package]]\nname = "spam"\n',
    Format.PIPFILE: '{"_meta": {"hash": {}, "pipfile-spec": 6}, "default": {}, "develop": {}}',
    Format.PIP_REPORT: '{"version": "1", "pip_version": "26.3", "install": []}',
    Format.PIP_INSPECT: '{"version": "1", "pip_version": "26.3", "installed": []}',
    Format.CYCLONEDX: '{\n  "bomFormat": "CycloneDX",\n  "specVersion": "1.6"\n}',
    Format.SPDX: '{"spdxVersion": "SPDX-2.3", "packages": []}',
    Format.REQUIREMENTS: "spam==1.0\n",
}


@pytest.mark.parametrize("path", ["-", "odd.txt", "odd.json", "uv.lock"])
@pytest.mark.parametrize(("format_", "text"), TEXTS.items())
def test_content_counts(format_: Format, text: str, path: str) -> None:
    if format_ is Format.REQUIREMENTS and path == "uv.lock":
        return  # it cannot be distinguished from TOML there
    assert format_of(text, path) is format_


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("uv.lock", Format.UV),
        ("a/pylock.toml", Format.PYLOCK),
        ("pylock.dev.toml", Format.PYLOCK),
        ("poetry.lock", Format.POETRY),
        ("pdm.lock", Format.PDM),
        ("Pipfile.lock", Format.PIPFILE),
        ("pyproject.toml", None),
        ("Cargo.lock", None),
    ],
)
def test_a_name_counts_where_content_does_not_tell(path: str, expected: Format | None) -> None:
    assert format_of("a = 1\n", path) is expected


@pytest.mark.parametrize("text", ['{"a": 1}', "[1]", '[project]\nname = "spam"\nrequires-python = "3"\n'])
def test_other_documents_are_none_of_them(text: str) -> None:
    assert format_of(text, "-") is None


def test_a_description_tells_nothing() -> None:
    text = '{"version": "1", "installed": [{"metadata": {"description": "{\\"bomFormat\\": \\"CycloneDX\\"}"}}]}'
    assert format_of(text, "-") is Format.PIP_INSPECT


def test_each_format_has_one_who_reads_it() -> None:
    assert set(READERS) == set(Format) - {Format.REQUIREMENTS}
