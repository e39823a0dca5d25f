"""The format of a text: by its content, for any name."""

import pytest

from audit.scan.inputs.reading import READERS
from audit.scan.inputs.recognize import InputFormat, format_of

TEXTS = {
    InputFormat.UV: 'version = 1\nrequires-python = ">=3.11"\n',
    InputFormat.PYLOCK: 'lock-version = "1.0"\ncreated-by = "pip"\n\n[[packages]]\nname = "spam"\n',
    InputFormat.POETRY: '[[package]]\nname = "spam"\n\n[metadata]\nlock-version = "2.1"\ncontent-hash = "00"\n',
    InputFormat.PDM: '[metadata]\nlock_version = "4.5.0"\ncontent_hash = "sha256:00"\n\n[[package]]\nname = "spam"\n',
    InputFormat.PIPFILE: '{"_meta": {"hash": {}, "pipfile-spec": 6}, "default": {}, "develop": {}}',
    InputFormat.PIP_REPORT: '{"version": "1", "pip_version": "26.3", "install": []}',
    InputFormat.PIP_INSPECT: '{"version": "1", "pip_version": "26.3", "installed": []}',
    InputFormat.CYCLONEDX: '{\n  "bomFormat": "CycloneDX",\n  "specVersion": "1.6"\n}',
    InputFormat.SPDX: '{"spdxVersion": "SPDX-2.3", "packages": []}',
    InputFormat.REQUIREMENTS: "spam==1.0\n",
}


@pytest.mark.parametrize("path", ["-", "odd.txt", "odd.json", "uv.lock"])
@pytest.mark.parametrize(("format_", "text"), TEXTS.items())
def test_content_counts(format_: InputFormat, text: str, path: str) -> None:
    if format_ is InputFormat.REQUIREMENTS and path == "uv.lock":
        return  # it cannot be distinguished from TOML there
    assert format_of(text, path) is format_


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("uv.lock", InputFormat.UV),
        ("a/pylock.toml", InputFormat.PYLOCK),
        ("pylock.dev.toml", InputFormat.PYLOCK),
        ("poetry.lock", InputFormat.POETRY),
        ("pdm.lock", InputFormat.PDM),
        ("Pipfile.lock", InputFormat.PIPFILE),
        ("pyproject.toml", None),
        ("Cargo.lock", None),
    ],
)
def test_a_name_counts_where_content_does_not_decide(path: str, expected: InputFormat | None) -> None:
    assert format_of("a = 1\n", path) is expected


@pytest.mark.parametrize("text", ['{"a": 1}', "[1]", '[project]\nname = "spam"\nrequires-python = "3"\n'])
def test_other_documents_have_no_format(text: str) -> None:
    assert format_of(text, "-") is None


def test_a_description_decides_nothing() -> None:
    text = '{"version": "1", "installed": [{"metadata": {"description": "{\\"bomFormat\\": \\"CycloneDX\\"}"}}]}'
    assert format_of(text, "-") is InputFormat.PIP_INSPECT


def test_each_format_has_a_reader() -> None:
    assert set(READERS) == set(InputFormat) - {InputFormat.REQUIREMENTS}
