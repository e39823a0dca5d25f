"""Pipfile.lock."""

import json
from typing import Any

import pytest

from audit.errors import InputError
from tests.scan.inputs.shown import ONE, OTHER, elsewhere_of, files_of, given, pins_of

SPAM = {
    "hashes": [f"sha256:{ONE}", f"sha256:{OTHER}"],
    "index": "own",
    "markers": "os_name == 'nt'",
    "version": "==1.0",
}
LOCK: dict[str, Any] = {
    "_meta": {
        "hash": {"sha256": "00"},
        "pipfile-spec": 6,
        "requires": {},
        "sources": [{"name": "own", "url": "https://ann:secret@index.example.org/simple", "verify_ssl": True}],
    },
    "default": {"spam": SPAM, "any": {"version": "*"}, "eggs": {"version": "==2.0"}},
    "develop": {"spam": SPAM, "ham": {"git": "https://ann:secret@git.example.org/ham.git", "ref": "00"}},
    "docs": {"jam": {"path": "./jam", "editable": True}, "tea": {"version": ">=3", "hashes": [f"sha256:{ONE}"]}},
}
INDEX = "from https://****@index.example.org/simple"


def test_what_is_pinned() -> None:
    found = given(json.dumps(LOCK, indent=4))
    assert found.format == "Pipfile.lock"
    assert pins_of(found) == [
        f'17: spam 1.0 hash if os_name == "nt" {INDEX}',
        f"26: any any range {INDEX}",
        f"29: eggs 2.0 version {INDEX}",
        f"53: tea >=3 hash {INDEX}",
    ]
    assert files_of(found) == [(19, None, ONE), (20, None, OTHER), (19, None, ONE)]
    assert elsewhere_of(found) == [
        (43, "ham", "the repository https://****@git.example.org/ham.git"),
        (49, "jam", "the path ./jam"),
    ]


def test_what_does_not_fit_is_reported_with_its_line() -> None:
    text = json.dumps(LOCK | {"default": {"eggs": {"version": "==2.0"}, "spam": {"version": 1}}}, indent=4)
    with pytest.raises(InputError, match=r"-, line 16: default\[\.\.\.\]\.version: expected `str`, got `int`"):
        given(text)
    with pytest.raises(InputError, match="-, line 6: it is not JSON"):
        given(json.dumps(LOCK, indent=4).replace('"pipfile-spec": 6', '"pipfile-spec": '))
    with pytest.raises(InputError, match="at most 200 categories"):
        given(json.dumps(LOCK | {str(number): {} for number in range(300)}))
