"""``meta.api-version``: what is read, what is read with a warning, what is refused."""

import json
from typing import Any

import pytest
from packaging.utils import NormalizedName

from audit.crawl.decode import decode_root, decode_simple
from audit.errors import DecodeError

SPAM = NormalizedName("spam")


def page(version: Any) -> bytes:
    return json.dumps({"meta": {"api-version": version}, "name": "spam", "files": []}).encode()


def root(version: Any) -> bytes:
    return json.dumps({"meta": {"api-version": version}, "projects": [{"name": "spam"}]}).encode()


@pytest.mark.parametrize(
    ("version", "newer"),
    [
        ("1.0", None),
        ("1.4", None),
        ("1.5", "1.5"),
        ("1.10", "1.10"),
        ("0.9", None),
        (None, None),
        (1.5, None),
        ("", None),
    ],
)
def test_a_greater_minor_is_read_and_reported(version: Any, newer: str | None) -> None:
    assert decode_simple(SPAM, page(version)).newer_api == newer
    assert decode_root(root(version)).newer_api == newer


def test_a_greater_major_is_refused() -> None:
    with pytest.raises(DecodeError, match=r"^api-version: version 2\.0 of the Index API cannot be read") as caught:
        decode_simple(SPAM, page("2.0"))
    assert caught.value.reason == "api-version"
    with pytest.raises(DecodeError, match="api-version"):
        decode_root(root("2.0"))


def test_a_greater_major_of_another_shape_is_refused_for_its_version() -> None:
    body = json.dumps({"meta": {"api-version": "2.0"}, "projects": {"spam": {}}, "files": {}}).encode()
    for decode in (decode_root, lambda body: decode_simple(SPAM, body)):
        with pytest.raises(DecodeError, match="api-version"):
            decode(body)


def test_a_known_version_of_a_wrong_shape_has_a_wrong_shape() -> None:
    with pytest.raises(DecodeError, match="wrong-shape"):
        decode_root(json.dumps({"meta": {"api-version": "1.0"}, "projects": {}}).encode())
