"""Both decoders, on recorded pages and on pages that do not fit."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from packaging.utils import NormalizedName

from audit.crawl.decode import Decoded, decode_json, decode_root, decode_simple, serial_of
from audit.errors import DecodeError
from tests.recorded import BOTH_FORMS, EXPECTED, index_page, json_document, projects

SPAM = NormalizedName("spam")
# Two files, and three that go with them.
SIDECARS = [
    f"spam-1.0{tail}"
    for tail in (".tar.gz", ".tar.gz.asc", *(f"-py3-none-any.whl{more}" for more in ("", ".asc", ".metadata")))
]


def rows(decoded: Decoded) -> dict[object, tuple[object, ...]]:
    columns = {"version": decoded.file_versions, **decoded.files}
    names = sorted(set(columns) - {"has_provenance"})
    return {row[names.index("filename")]: row for row in zip(*(columns[n] for n in names), strict=True)}


def releases_of(decoded: Decoded) -> dict[object, str]:
    return dict(zip(decoded.files["filename"], decoded.file_versions, strict=True))


def document(**changes: Any) -> dict[str, Any]:
    file = {
        "filename": "spam-1.0.tar.gz",
        "packagetype": "sdist",
        "digests": {"sha256": "0" * 64},
        "size": 1,
        "upload_time_iso_8601": "2020-01-01T00:00:00Z",
        "requires_python": "",
        "yanked": False,
        "yanked_reason": None,
    }
    return {"info": {"name": "Spam"}, "last_serial": 7, "releases": {"1.0": [file | changes], "2.0": []}}


def page(*files: dict[str, Any], **changes: Any) -> bytes:
    body = {
        "meta": {"api-version": "1.1"},
        "name": "spam",
        "versions": ["1.0"],
        "files": [{"filename": "spam-1.0.tar.gz", "hashes": {}, "url": "x"} | file for file in files],
    }
    return json.dumps(body | changes).encode()


def decode_document(body: object) -> Decoded:
    return decode_json(SPAM, json.dumps(body).encode())


@pytest.mark.parametrize("project", BOTH_FORMS)
def test_both_apis_say_the_same(project: str) -> None:
    name = NormalizedName(project)
    by_index, by_json = decode_simple(name, index_page(project)), decode_json(name, json_document(project))
    assert rows(by_index) == rows(by_json)
    assert set(by_index.versions) == set(by_json.versions)
    assert by_index.serial == by_json.serial


def test_the_sample_has_the_expected_files_releases_and_kinds() -> None:
    totals = json.loads((EXPECTED / "totals.json").read_text())
    decoded = [decode_simple(NormalizedName(project), index_page(project)) for project in projects()]
    assert len(decoded) == totals["projects"]
    assert sum(each.file_count for each in decoded) == totals["files"]
    assert Counter(str(kind) for each in decoded for kind in each.files["kind"]) == totals["kinds"]
    assert sum(len(set(each.file_versions)) for each in decoded) == totals["releases"]
    assert not [(each.project, each.set_aside, each.unlisted) for each in decoded if each.set_aside or each.unlisted]
    held = Counter((each.project, version) for each in decoded for version in each.file_versions)
    assert sum(count > 1 for count in held.values()) == totals["multi_file_releases"]


def test_a_release_without_files_is_a_release() -> None:
    assert decode_document(document()).versions == ["1.0", "2.0"]


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2020-01-01T00:00:00Z", datetime(2020, 1, 1, tzinfo=UTC)),
        ("2020-01-01T02:00:00.5+02:00", datetime(2020, 1, 1, 0, 0, 0, 500000, tzinfo=UTC)),
        ("2020-01-01T00:00:00.000001Z", datetime(2020, 1, 1, 0, 0, 0, 1, tzinfo=UTC)),
        ("1969-12-31T23:59:59Z", datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (None, None),
    ],
)
def test_a_time_is_what_the_index_says(time: str | None, expected: datetime | None) -> None:
    assert decode_document(document(upload_time_iso_8601=time)).files["uploaded_at"] == [expected]
    assert decode_simple(SPAM, page({"upload-time": time})).files["uploaded_at"] == [expected]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"upload_time": "2020-01-01T00:00:01"}, datetime(2020, 1, 1, 0, 0, 1, tzinfo=UTC)),
        ({"upload_time": "2020-01-01T02:00:00+02:00"}, datetime(2020, 1, 1, tzinfo=UTC)),
        ({"upload_time": None}, None),
        ({"upload_time": "yesterday"}, None),
        (
            {"upload_time": "2021-01-01T00:00:00", "upload_time_iso_8601": "2020-01-01T00:00:00Z"},
            datetime(2020, 1, 1, tzinfo=UTC),
        ),
        ({"upload_time": "2021-01-01T00:00:00", "upload_time_iso_8601": "2020"}, datetime(2021, 1, 1, tzinfo=UTC)),
        (
            {"upload_time": "yesterday", "upload_time_iso_8601": "2020-01-01T00:00:00Z"},
            datetime(2020, 1, 1, tzinfo=UTC),
        ),
    ],
)
def test_the_time_without_a_zone_is_utc_where_no_other_is_given(
    changes: dict[str, object], expected: datetime | None
) -> None:
    body = document()
    [file] = body["releases"]["1.0"]
    del file["upload_time_iso_8601"]
    file |= changes
    decoded = decode_document(body)
    assert decoded.files["uploaded_at"] == [expected]
    is_odd = ("yesterday" in changes.values() and expected is None) or changes.get("upload_time_iso_8601") == "2020"
    assert [each.field for each in decoded.set_aside] == ["uploaded_at"] * is_odd


@pytest.mark.parametrize(
    ("changes", "column", "value"),
    [
        ({"upload_time_iso_8601": "2020-01-01T00:00:00"}, "uploaded_at", None),
        ({"size": -1}, "size_bytes", None),
        ({"size": 10.0}, "size_bytes", None),
        ({"size": 2**63}, "size_bytes", None),
        ({"yanked": None}, "is_yanked", False),
        ({"yanked": 1}, "is_yanked", True),
        ({"digests": []}, "sha256", None),
        ({"digests": {"sha256": None}}, "sha256", None),
        ({"digests": {"sha256": "f" * 63}}, "sha256", None),
        ({"requires_python": 3}, "requires_python", None),
        ({"packagetype": 7}, "declared_kind", None),
    ],
)
def test_a_field_that_does_not_fit_is_set_aside_alone(changes: dict[str, object], column: str, value: object) -> None:
    decoded = decode_document(document(**changes))
    assert decoded.files[column] == [value]
    [aside] = decoded.set_aside
    [(_, odd)] = changes.items()
    assert (aside.filename, aside.is_whole_file, aside.field) == ("spam-1.0.tar.gz", False, column)
    assert json.loads(aside.value or "") == odd


def test_digests_are_lowered() -> None:
    assert decode_document(document(digests={"sha256": "AB" * 32})).files["sha256"] == ["ab" * 32]
    assert decode_simple(SPAM, page({"hashes": {"sha256": "AB" * 32}})).files["sha256"] == ["ab" * 32]


def test_a_document_whose_urls_have_more_than_its_releases_contradicts_itself() -> None:
    body = document() | {"urls": [{"filename": "spam-3.0.tar.gz"}]}
    with pytest.raises(DecodeError, match=r"contradiction: `urls` has 'spam-3\.0\.tar\.gz'"):
        decode_document(body)
    for urls in (
        None,
        7,
        [],
        [{"filename": "spam-1.0.tar.gz"}],
        [{"filename": 7}],
        [7],
        [{"url": "x/spam-1.0.tar.gz"}],
    ):
        assert decode_document(body | {"urls": urls}).file_count == 1


@pytest.mark.parametrize("odd", [7, None, {}, [], {"filename": ""}, {"filename": None, "url": "x/spam-1.0.tar.gz"}])
@pytest.mark.parametrize("others", [[], [{"filename": "spam-1.0.tar.gz"}]])
def test_an_odd_entry_of_urls_hides_no_contradiction(odd: object, others: list[object]) -> None:
    body = document() | {"urls": [odd, *others]}
    with pytest.raises(DecodeError, match="contradiction"):
        decode_document(body | {"releases": {"1.0": []}})


def test_an_odd_entry_of_urls_is_set_aside_as_a_field() -> None:
    [aside] = decode_document(document() | {"urls": [{"filename": 7}]}).set_aside
    assert (aside.field, aside.value, aside.is_whole_file) == ("filename", '{"filename": 7}', False)


def test_a_file_without_a_name_goes_by_its_address() -> None:
    files = [{"filename": None, "url": "../../packages/spam-1.0%2Bx.zip#sha256=1"}, {}]
    decoded = decode_simple(SPAM, page(*files))
    assert decoded.files["filename"] == ["spam-1.0+x.zip", "spam-1.0.tar.gz"]


def test_a_missing_time_is_null() -> None:
    assert decode_simple(SPAM, page({})).files["uploaded_at"] == [None]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not-json"),
        (b"<!doctype html>", "not-json"),
        (b'{"info": {"name": "spam"}, "releases": {}', "not-json"),
        (b'{"info": {"name": "spam"}, "releases": {"1": NaN}}', "mostly-set-aside"),
        (b'{"info": {"name": "spam"}, "releases": {"\xff": []}}', "not-utf-8"),
        (
            b'{"info": {"name": "spam"}, "releases": {}, "x": ' + b"[" * 900_000 + b"]" * 900_000 + b"}",
            "too-deep",
        ),
        (b"[]", "wrong-shape"),
        (b'{"info": {"name": "spam"}}', "no-releases"),
        (b'{"info": {"name": "eggs"}, "releases": {}}', "other-project"),
        (b'{"info": {"name": "spam"}, "releases": {"1.0": {}}}', "wrong-shape"),
        (b'{"info": {"name": "spam"}, "releases": ["1.0"]}', "wrong-shape"),
        (b'{"info": {"name": 1}, "releases": {"1.0": [1, "\xff"]}}', "not-utf-8"),
    ],
)
def test_a_document_that_does_not_fit_has_one_reason(body: bytes, reason: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decode_json(SPAM, body)
    assert caught.value.reason == reason


def test_a_yank_is_true_false_or_its_reason() -> None:
    files = [
        {"filename": f"spam-1.0-{n}-py3-none-any.whl", "yanked": y} for n, y in enumerate([True, False, "bad", ""])
    ]
    decoded = decode_simple(SPAM, page(*files))
    assert decoded.files["is_yanked"] == [True, False, True, False]  # an empty text is not truthy
    assert decoded.files["yanked_reason"] == [None, None, "bad", None]
    by_json = decode_document(document(yanked=True, yanked_reason="bad"))
    assert (by_json.files["is_yanked"], by_json.files["yanked_reason"]) == ([True], ["bad"])


def test_provenance_is_stated_by_one_api_only() -> None:
    files = [{"filename": f"spam-1.0-{n}-py3-none-any.whl"} for n in range(4)]
    files[1]["provenance"] = None  # type: ignore[assignment] # the API's null
    files[2]["provenance"] = "../x"
    files[3]["provenance"] = ""  # no address
    assert decode_simple(SPAM, page(*files)).files["has_provenance"] == [None, False, True, False]
    assert decode_document(document()).files["has_provenance"] == [None]


def test_a_page_without_versions_takes_them_from_strict_names() -> None:
    body = json.loads(page({"filename": "spam-1.0.0.tar.gz"}, {"filename": "spam-1.1-py3-none-any.whl"}))
    del body["versions"]
    assert decode_simple(SPAM, json.dumps(body).encode()).file_versions == ["1.0.0", "1.1"]


def test_without_versions_the_sample_loses_no_file_and_names_no_other_release_silently() -> None:
    total = moved = 0
    for name in map(NormalizedName, projects()):
        page = json.loads(index_page(name))
        full = releases_of(decode_simple(name, json.dumps(page).encode()))
        del page["versions"]
        decoded = decode_simple(name, json.dumps(page).encode())
        alone = releases_of(decoded)
        lost = {each.filename for each in decoded.set_aside if each.is_whole_file}
        assert alone.keys() | lost == full.keys()
        others = {filename for filename, version in alone.items() if version != full[filename]}
        assert {alone[filename] for filename in others} <= decoded.unlisted
        total, moved = total + len(full), moved + len(others) + len(lost)
    assert total > 35_000
    assert moved <= total / 1_000


def test_status_and_serial_of_a_page() -> None:
    decoded = decode_simple(SPAM, page(**{"project-status": {"status": "archived"}, "meta": {"_last-serial": "12"}}))
    assert (decoded.index_status, decoded.serial) == ("archived", 12)


def test_the_root_lists_serials_by_normalized_name() -> None:
    root = decode_root(
        b'{"projects": [{"name": "Foo.Bar", "_last-serial": 3}, {"name": "x"}, {"name": "y", "_last-serial": "4"}]}'
    )
    assert root.serials == {"foo-bar": 3, "x": None, "y": 4}


def test_names_that_no_project_can_have_are_kept_apart() -> None:
    wrong = ["", "a b", "-a", "a-", "spam\n", "\u017fpam", "../x", "a/b", "\x1b[31m", "caf\u00e9", "a" * 2000 + "!"]
    body = json.dumps({"projects": [{"name": name} for name in ["A_b", *wrong, "x"]]}).encode()
    root = decode_root(body)
    assert (root.serials, root.misnamed) == ({"a-b": None, "x": None}, wrong)


@pytest.mark.parametrize("serials", [(9, 7), (7, 9), (None, 9), (9, None), (9, 9)])
def test_of_a_name_that_the_root_lists_twice_the_greater_serial_counts(serials: tuple[int | None, ...]) -> None:
    names = ("Foo_Bar", "foo-bar")
    listed = [{"name": name, "_last-serial": serial} for name, serial in zip(names, serials, strict=True)]
    assert decode_root(json.dumps({"projects": listed}).encode()).serials == {"foo-bar": 9}


def test_the_serial_of_either_page() -> None:
    assert serial_of(json_document("numpy")) == serial_of(index_page("numpy")) == 42069282
    assert serial_of(b"{}") is None


@pytest.mark.parametrize("listed", [SIDECARS, SIDECARS[::-1]])
def test_what_goes_with_a_file_is_set_aside_and_costs_no_project(listed: list[str]) -> None:
    decoded = decode_simple(SPAM, page(*({"filename": name} for name in listed)))
    assert sorted(map(str, decoded.files["filename"])) == ["spam-1.0-py3-none-any.whl", "spam-1.0.tar.gz"]
    assert {(each.filename, each.reason) for each in decoded.set_aside} == {
        (name, "unknown-ending") for name in SIDECARS if name not in decoded.files["filename"]
    }


@pytest.mark.parametrize("other", ["spam-1.1.tar.gz.asc", "spam-1.0.tar.gz.asc.txt", "spam-1.0.asc", "README.txt"])
def test_what_goes_with_no_file_counts_against_its_page(other: str) -> None:
    with pytest.raises(DecodeError, match="2 of 3 files"):
        decode_simple(SPAM, page({"filename": "spam-1.0.tar.gz"}, {"filename": other}, {"filename": "NEWS"}))
