"""Documents that only a lenient reader accepts: no page that pip's parser accepts is lost."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import NormalizedName

from audit.crawl.decode import Decoded, decode_json, decode_root, decode_simple, lists_releases
from audit.crawl.decode.mending import mended
from audit.errors import DecodeError

SPAM = NormalizedName("spam")
STRICT = DecodeError("not-json", "what the strict reader said")
HALF = "\ud800"
NAN = float("nan")


def simple(fields: dict[str, Any], **page: Any) -> Decoded:
    """What is read of a page of two files, of which the second has these fields as well."""
    files = [{"filename": f"spam-{version}.tar.gz", "hashes": {}} for version in ("1.0", "2.0")]
    files[1] |= fields
    body = {"meta": {}, "name": "spam", "versions": ["1.0", "2.0"], "files": files} | page
    return decode_simple(SPAM, json.dumps(body).encode())


def set_aside(decoded: Decoded) -> list[tuple[str | None, bool, str, str | None]]:
    return [(each.filename, each.is_whole_file, each.field, each.value) for each in decoded.set_aside]


@pytest.mark.parametrize(
    ("fields", "column", "value"),
    [
        ({"size": NAN}, "size_bytes", '[["NaN"]]'),
        ({"size": float("-inf")}, "size_bytes", '[["-Infinity"]]'),
        ({"requires-python": HALF}, "requires_python", r'[["\\ud800"]]'),
        ({"upload-time": f"2020{HALF}"}, "uploaded_at", r'[["2020\\ud800"]]'),
        ({"hashes": NAN}, "sha256", '[["NaN"]]'),
    ],
)
def test_an_odd_field_is_set_aside_alone(fields: dict[str, Any], column: str, value: str) -> None:
    decoded = simple(fields)
    assert decoded.files["filename"] == ["spam-1.0.tar.gz", "spam-2.0.tar.gz"]
    assert decoded.files[column][1] is None
    assert set_aside(decoded) == [("spam-2.0.tar.gz", False, column, value)]


def test_an_odd_reason_of_a_yank_yanks_as_for_pip() -> None:
    decoded = simple({"yanked": f"bad{HALF}"})
    assert (decoded.files["is_yanked"], decoded.files["yanked_reason"]) == ([False, True], [None, None])
    assert set_aside(decoded) == [("spam-2.0.tar.gz", False, "is_yanked", r'[["bad\\ud800"]]')]


def test_a_file_whose_name_is_odd_is_set_aside_alone() -> None:
    decoded = simple({"filename": f"spam-2.0{HALF}.tar.gz"})
    assert decoded.files["filename"] == ["spam-1.0.tar.gz"]
    [odd] = decoded.set_aside
    assert (odd.filename, odd.is_whole_file, odd.field) == (None, True, "filename")


@pytest.mark.parametrize("page", [{"comment": NAN}, {f"{HALF}": 1}, {"meta": {"comment": HALF}}])
def test_what_nobody_reads_costs_nothing(page: dict[str, Any]) -> None:
    decoded = simple({"comment": HALF, HALF: NAN}, **page)
    assert (decoded.file_count, set_aside(decoded)) == (2, [])


def test_an_odd_version_costs_no_other() -> None:
    decoded = simple({}, versions=["2.0", HALF, "1.0"])
    assert decoded.versions == ["2.0", "1.0"]
    assert not decoded.unlisted
    assert [(field, value) for _, _, field, value in set_aside(decoded)] == [
        ("version", r'["2.0", [["\\ud800"]], "1.0"]')
    ]


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "utf-32"])
def test_codings_that_pips_parser_finds_out(coding: str) -> None:
    body = json.dumps({"files": [{"filename": "spam-1.0.tar.gz", "requires-python": ">=3"}]})
    assert decode_simple(SPAM, body.encode(coding)).files["requires_python"] == [">=3"]


@pytest.mark.parametrize("body", [b'{"files": [],}', b'{"files": [', b'{"files": ["\xff"]}', b"[" * 100_000, b"NaN"])
def test_what_pips_parser_refuses_stays_refused(body: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_simple(SPAM, body)


def document(releases: object, **changes: Any) -> bytes:
    return json.dumps({"info": {"name": "spam", "summary": HALF}, "releases": releases} | changes).encode()


def test_the_json_api_too() -> None:
    files = [{"filename": "spam-1.0.zip"}, {"filename": "spam-1.0.tar.gz", "size": NAN, "upload_time": HALF}]
    decoded = decode_json(SPAM, document({"1.0": files}))
    assert decoded.files["filename"] == ["spam-1.0.zip", "spam-1.0.tar.gz"]
    assert [each.field for each in decoded.set_aside] == ["size_bytes", "uploaded_at"]
    assert lists_releases(document({"1.0": files}))


@pytest.mark.parametrize("summary", ["", HALF], ids=["strict", "lenient"])
def test_a_release_that_is_null_has_no_file(summary: str) -> None:
    body = document({"1.0": None, "2.0": [{"filename": "spam-2.0.zip"}]}, info={"name": "spam", "summary": summary})
    decoded = decode_json(SPAM, body)
    assert (decoded.versions, decoded.files["filename"]) == (["1.0", "2.0"], ["spam-2.0.zip"])
    assert set_aside(decoded) == []


def test_a_release_that_is_null_hides_no_file_that_the_document_lists_elsewhere() -> None:
    with pytest.raises(DecodeError, match="contradiction"):
        decode_json(SPAM, document({"1.0": None}, urls=[{"filename": "spam-1.0.zip"}]))


def test_a_root_with_one_odd_name_is_a_root() -> None:
    projects: list[dict[str, Any]] = [{"name": "spam", "_last-serial": 7}, {"name": f"eggs{HALF}"}, {"name": 5}, {}]
    root = decode_root(json.dumps({"projects": projects, "comment": NAN}).encode())
    assert root.serials == {"spam": 7}
    assert root.misnamed == [r"[['eggs\\ud800']]", "5", "None"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec=None)), inner),
    max_leaves=20,
)


@given(VALUES)
def test_whatever_pips_parser_reads_the_strict_one_reads_mended(value: object) -> None:
    body = json.dumps(value).encode()
    read = msgspec.json.decode(mended(body, STRICT))
    try:
        assert msgspec.json.decode(body) == read, "what was strict is as it was"
    except msgspec.DecodeError:
        assert any(word in body for word in (b"NaN", b"Infinity", b"\\ud"))
