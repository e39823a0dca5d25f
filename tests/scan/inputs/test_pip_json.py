"""The reports of `pip install --report` and `pip inspect`."""

import json
from typing import Any

import pytest

from audit.errors import InputError
from tests.scan.inputs.shown import ONE, elsewhere_of, files_of, given, pins_of

ADDRESS = "https://ann:secret@files.example.org/spam-1.0-py3-none-any.whl"
REPORT: dict[str, Any] = {
    "version": "1",
    "pip_version": "26.3",
    "install": [
        {
            "download_info": {"url": ADDRESS, "archive_info": {"hash": f"sha256={ONE}", "hashes": {"sha256": ONE}}},
            "is_direct": False,
            "metadata": {"name": "spam", "version": "1.0"},
        },
        {
            "download_info": {"url": "https://ann:secret@git.example.org/ham.git", "vcs_info": {"vcs": "git"}},
            "is_direct": True,
            "metadata": {"name": "ham", "version": "2.0"},
        },
        {
            "download_info": {"url": "file:///srv/jam", "dir_info": {"editable": True}},
            "is_direct": True,
            "metadata": {"name": "jam", "version": "3.0"},
        },
    ],
}


def test_a_report_names_files_but_pins_nothing() -> None:
    found = given(json.dumps(REPORT, indent=2))
    assert found.format == "pip install --report"
    assert pins_of(found) == ["9: spam 1.0 filename"]
    assert files_of(found) == [(9, "spam-1.0-py3-none-any.whl", ONE)]
    assert [what for _, _, what in elsewhere_of(found)] == [
        "the repository https://****@git.example.org/ham.git",
        "the folder file:///srv/jam",
    ]


def test_an_inspection_has_versions() -> None:
    location = "/srv/lib/python3.11/site-packages/spam-1.0.dist-info"
    inspection = {
        "version": "1",
        "pip_version": "26.3",
        "installed": [
            {"metadata": {"name": "Spam", "version": "1.0"}, "metadata_location": location, "installer": "pip"},
            {
                "metadata": {"name": "ham", "version": "2.0"},
                "direct_url": {"url": "https://ann:secret@example.org/ham.zip", "archive_info": {}},
            },
        ],
        "environment": {"sys_platform": "linux"},
    }
    found = given(json.dumps(inspection, indent=2))
    assert found.format == "pip inspect"
    assert pins_of(found) == ["10: spam 1.0 version"]
    assert elsewhere_of(found) == [(None, "ham", "the address https://****@example.org/ham.zip")]


def test_what_does_not_fit_is_reported_with_its_line() -> None:
    text = json.dumps(REPORT, indent=2).replace('"version": "3.0"', '"version": 3')
    with pytest.raises(InputError, match=r"install\[2\]\.metadata\.version: expected `str`, got `int`") as caught:
        given(text)
    assert caught.value.line is not None
    assert text.splitlines()[caught.value.line - 1].strip() == '"version": 3'
