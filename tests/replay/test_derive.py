"""One form of a project derived from the other."""

import msgspec
import pytest
from packaging.utils import NormalizedName

from audit.crawl.decode.decoded import Decoded
from audit.crawl.decode.json_api import decode_json
from audit.crawl.decode.simple_api import decode_simple
from audit.errors import DecodeError
from audit.replay.derive import document_from, page_from
from tests.recorded import BOTH_FORMS, SAMPLE, recorded
from tests.replay.pages import OTHER_INTERPRETERS, Document, by_filename, derived, page

# One form derived from the other


@pytest.mark.parametrize("name", BOTH_FORMS)
def test_derived_document_equals_the_recorded_one_file_by_file(name: str) -> None:
    original = msgspec.json.decode(recorded("json", name))
    document = derived(msgspec.json.decode(recorded("index", name)))
    fields = (
        "version",
        "filename",
        "packagetype",
        "upload_time",
        "upload_time_iso_8601",
        "size",
        "requires_python",
        "yanked",
        "yanked_reason",
        "url",
    )
    expected, given = by_filename(original), by_filename(document)
    assert given.keys() == expected.keys()
    for filename, file in expected.items():
        assert {f: given[filename][f] for f in fields} == {f: file[f] for f in fields}
        assert given[filename]["digests"]["sha256"] == file["digests"]["sha256"]
    others = [f for f, file in expected.items() if given[f]["python_version"] != file["python_version"]]
    assert len(others) == OTHER_INTERPRETERS.get(name, 0)
    assert {f[-4:] for f in others} <= {".whl"}


def test_the_projects_recorded_in_both_forms_have_6691_files() -> None:
    counts = [len(by_filename(msgspec.json.decode(recorded("json", name)))) for name in BOTH_FORMS]
    assert sum(counts) == 6691


@pytest.mark.parametrize("name", BOTH_FORMS)
def test_derived_document_has_the_recorded_ones_shape(name: str) -> None:
    original = msgspec.json.decode(recorded("json", name))
    document = derived(msgspec.json.decode(recorded("index", name)))
    assert document.keys() == original.keys()
    assert document["info"].keys() == original["info"].keys()
    assert document["info"]["version"] == original["info"]["version"]
    assert document["info"]["requires_python"] == original["info"]["requires_python"]
    assert document["last_serial"] == original["last_serial"]
    assert list(document["releases"]) == list(original["releases"])
    assert document["urls"] == document["releases"][document["info"]["version"]]
    assert document["vulnerabilities"] == []


@pytest.mark.parametrize("name", BOTH_FORMS)
def test_derived_page_equals_the_recorded_one(name: str) -> None:
    assert msgspec.json.decode(page_from(recorded("json", name))) == msgspec.json.decode(recorded("index", name))


def test_every_recorded_page_and_its_derived_document_decode_to_the_same_files() -> None:
    for path in sorted((SAMPLE / "index").iterdir()):
        name = NormalizedName(path.name.removesuffix(".json.gz"))
        body = recorded("index", name)
        document = document_from(body)
        assert document is not None
        assert _rows(decode_json(name, document)) == _rows(decode_simple(name, body))


def _rows(decoded: Decoded) -> list[tuple[object, ...]]:
    files = {"version": decoded.file_versions, **decoded.files}
    columns = sorted(files)
    assert "uploaded_at" in columns
    names = files["filename"]
    return [row for _, row in sorted(zip(names, zip(*(files[c] for c in columns), strict=True), strict=True))]


@pytest.mark.parametrize(
    ("versions", "latest"),
    [
        (["1.9", "1.10", "2.0rc1"], "1.10"),
        (["1.0a1", "1.0.dev1"], "1.0a1"),
        (["2004d", "0.1"], "0.1"),
        (["2004d", "2005a"], "2005a"),
    ],
)
def test_info_is_of_the_latest_final_release(versions: list[str], latest: str) -> None:
    index_page = page("spam", 7, *(f"spam-{v}.tar.gz" for v in versions), versions=versions)
    assert derived(index_page)["info"]["version"] == latest


def test_info_skips_a_yanked_release() -> None:
    index_page = page("spam", 7, "spam-1.0.tar.gz", "spam-2.0.tar.gz", versions=["1.0", "2.0"])
    index_page["files"][1]["yanked"] = "broken"
    assert derived(index_page)["info"]["version"] == "1.0"


def test_yanked_without_a_reason_has_none() -> None:
    index_page = page("spam", 7, "spam-1.0.tar.gz", versions=["1.0"])
    index_page["files"][0]["yanked"] = True
    document = derived(index_page)
    assert (document["urls"][0]["yanked"], document["urls"][0]["yanked_reason"]) == (True, None)
    assert msgspec.json.decode(page_from(msgspec.json.encode(document)))["files"][0]["yanked"] is True


def test_what_the_page_does_not_say_stays_null() -> None:
    file = derived(page("spam", 7, "spam-1.0.tar.gz", versions=["1.0"]))["urls"][0]
    assert [file[f] for f in ("upload_time", "upload_time_iso_8601", "size", "md5_digest")] == [None] * 4


def test_a_file_of_unknown_kind_has_no_packagetype() -> None:
    file = derived(page("spam", 7, "spam-1.0.unheard-of", versions=["1.0"]))["urls"][0]
    assert (file["packagetype"], file["python_version"]) == (None, "any")


def test_a_listed_release_with_no_file_is_in_the_document() -> None:
    assert derived(page("spam", 7, versions=["1.0"]))["releases"] == {"1.0": []}


@pytest.mark.parametrize(
    "index_page",
    [
        page("spam", 7, versions=[]),
        page("spam", 7, versions=["1.0"], **{"project-status": {"status": "quarantined"}}),
    ],
    ids=["no release", "quarantined"],
)
def test_the_json_api_knows_no_such_project(index_page: Document) -> None:
    assert document_from(msgspec.json.encode(index_page)) is None


def test_a_file_of_no_listed_version_is_an_error_not_a_guess() -> None:
    with pytest.raises(DecodeError, match=r"no-version: 'eggs-1.0.exe' names no listed version"):
        derived(page("spam", 7, "eggs-1.0.exe", versions=["1.0"]))


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"name": 1}'])
def test_a_page_of_another_shape_is_a_decode_error(body: bytes) -> None:
    with pytest.raises(DecodeError):
        document_from(body)
    with pytest.raises(DecodeError):
        page_from(body)
