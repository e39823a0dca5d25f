"""The outline of a JSON API document."""

import json

import pytest

from audit.crawl.decode import lists_releases
from audit.errors import DecodeError
from tests.recorded import json_document

FILE = {"filename": "spam-1.0.tar.gz"}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"releases": {"1.0": [FILE]}, "urls": [FILE]}, True),
        ({"releases": {}, "urls": []}, True),
        ({"releases": {}}, True),
        ({"releases": {}, "urls": [FILE]}, False),
        ({"releases": None, "urls": [FILE]}, False),
        ({"urls": [FILE]}, False),
        ({}, False),
    ],
)
def test_whether_releases_are_listed(document: dict[str, object], expected: bool) -> None:
    assert lists_releases(json.dumps({"info": {"name": "spam"}} | document).encode()) is expected


def test_recorded_documents_list_them() -> None:
    assert lists_releases(json_document("numpy"))


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"message": "Not Found"}', b'{"info": [], "releases": {}}'])
def test_another_document_is_none(body: bytes) -> None:
    with pytest.raises(DecodeError):
        lists_releases(body)
