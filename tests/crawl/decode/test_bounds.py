"""Bounds on a page: how many versions and files, how long their names, and how much is in memory to find out."""

import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from packaging.utils import NormalizedName

from audit.crawl.decode import Decoded, decode_json, decode_root, decode_simple
from audit.crawl.decode.bounds import MOST_FILES, MOST_VERSIONS
from audit.crawl.index import parse_name
from audit.errors import DecodeError, UsageError
from audit.model import LONGEST_NAME

SPAM = NormalizedName("spam")
LONG = "9" * (LONGEST_NAME + 1)
# What the most versions and files that are let through take, with room for another version of Python.
MOST_BYTES = 200 * 1024 * 1024


def document(releases: dict[str, list[dict[str, Any]]]) -> bytes:
    return json.dumps({"info": {"name": SPAM}, "releases": releases}).encode()


def page(versions: list[str], *filenames: str) -> bytes:
    files = [{"filename": name, "hashes": {}} for name in filenames]
    return json.dumps({"name": SPAM, "meta": {}, "versions": versions, "files": files}).encode()


def refused(decode: Callable[[NormalizedName, bytes], object], body: bytes) -> DecodeError:
    with pytest.raises(DecodeError) as caught:
        decode(SPAM, body)
    return caught.value


def file(name: str) -> dict[str, Any]:
    return {"filename": name, "digests": {}}


LONG_NAMES = [
    (decode_json, document({LONG: [file("spam-1.0.zip")], "1.0": [file("spam-1.0.tar.gz"), file("spam-1.1.zip")]})),
    (decode_json, document({"1.0": [file(f"spam-{LONG}.zip"), file("spam-1.0.tar.gz"), file("spam-1.0.zip")]})),
    (decode_simple, page([LONG, "1.0"], "spam-1.0.tar.gz", "spam-1.0.zip")),
    (decode_simple, page(["1.0"], f"spam-1.0-{LONG}.zip", "spam-1.0.tar.gz", "spam-1.0.zip")),
    (decode_simple, page(["1.0"], f"spam-1.0-py3-none-{LONG}.whl", "spam-1.0.tar.gz", "spam-1.0.zip")),
]


@pytest.mark.parametrize(("decode", "body"), LONG_NAMES)
def test_a_name_that_is_too_long_is_set_aside_and_not_repeated(
    decode: Callable[[NormalizedName, bytes], Decoded], body: bytes
) -> None:
    decoded = decode(SPAM, body)
    assert {each.reason for each in decoded.set_aside} == {"too-long"}
    assert max(len(each.value or "") + len(each.filename or "") for each in decoded.set_aside) <= 400
    assert (decoded.file_versions, decoded.versions) == (["1.0"] * 2, ["1.0"])


def test_the_longest_names_are_kept() -> None:
    version, name = LONG[1:], f"spam-1.0-{'x' * LONGEST_NAME}"[: LONGEST_NAME - 4] + ".zip"
    assert decode_json(SPAM, document({version: [file(name)]})).file_versions == [version]
    assert decode_simple(SPAM, page(["1.0", version], name)).file_versions == ["1.0"]


def test_a_projects_name_that_is_too_long_is_no_argument() -> None:
    assert parse_name("a" * LONGEST_NAME) == "a" * LONGEST_NAME
    with pytest.raises(UsageError, match="too long for a project's name: at most 1,000"):
        parse_name("a" * (LONGEST_NAME + 1))


def names(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def releases(count: int) -> bytes:
    return document({version: [] for version in names(count)})


def files(count: int) -> bytes:
    return document({"1.0": [file(f"spam-{name}.zip") for name in names(count)]})


TOO_MANY = [
    pytest.param(decode_simple, lambda: page(names(MOST_VERSIONS + 1)), id="a few too many versions"),
    pytest.param(decode_json, lambda: files(MOST_FILES + 1), id="a few too many files"),
    pytest.param(decode_json, lambda: releases(1_000_000), id="versions of the JSON API", marks=pytest.mark.slow),
    pytest.param(decode_simple, lambda: page(names(1_000_000)), id="versions of the Index API", marks=pytest.mark.slow),
    pytest.param(decode_json, lambda: files(1_000_000), id="files", marks=pytest.mark.slow),
    pytest.param(decode_simple, lambda: page(["1.0"] * 7_000_000), id="texts", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("decode", "made"), TOO_MANY)
def test_a_page_with_too_many_parts_takes_little_memory(
    decode: Callable[[NormalizedName, bytes], object], made: Callable[[], bytes]
) -> None:
    body = made()
    tracemalloc.start()
    try:
        error = refused(decode, body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert error.reason == "too-many"
    assert peak < MOST_BYTES


@pytest.mark.slow
def test_as_many_as_may_be_are_let_through() -> None:
    assert decode_json(SPAM, files(MOST_FILES)).file_count == MOST_FILES
    assert len(decode_json(SPAM, releases(MOST_VERSIONS)).versions) == MOST_VERSIONS


@pytest.mark.slow
def test_an_index_may_list_five_times_as_many_projects_as_the_largest_and_no_end_of_them() -> None:
    project = b'{"name":"a","_last-serial":1},'
    assert list(decode_root(b'{"projects":[' + project * 750_000 + b'{"name":"b"}]}').serials) == ["a", "b"]
    with pytest.raises(DecodeError, match="too-many"):
        decode_root(b'{"projects":[' + project * 4_000_001 + b'{"name":"b"}]}')
