"""Any one file of a page does not change how the others are read; and their order does not matter."""

import copy
import json
import random
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packaging.utils import NormalizedName

from audit.crawl.decode import Decoded
from audit.crawl.segment import segment_of
from audit.dataset.staging import segment_tables
from audit.errors import DecodeError
from audit.model import Api
from tests.property.test_decoder_fuzz import DECODERS, EXAMPLES, PROJECT, RECORDED, VALUES

SETTINGS = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
FIELDS = {
    Api.SIMPLE: ["filename", "hashes", "size", "upload-time", "requires-python", "yanked", "provenance", "url"],
    Api.JSON: [
        *("filename", "digests", "size", "upload_time_iso_8601", "upload_time", "requires_python", "yanked"),
        *("yanked_reason", "packagetype", "url"),
    ],
}
NAMES = st.sampled_from(
    [
        "requests-0.8.0.deb",
        "requests-0.8.0-py3-none-any.whl",
        "eggs-1.0.tar.gz",
        "requests-99.tar.gz",
        "requests-dev.zip",
        "../x.zip",
        "requests-0.8.0-py2.7.egg",
        "",
        "r" * 2000,
    ]
)


def files_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The lists of a document's files, for the JSON API that of its first release."""
    files: list[dict[str, Any]] = document.get("files") or next(filter(None, document["releases"].values()))
    return files


def table(decoded: Decoded) -> dict[str, dict[str, Any]]:
    """The rows as they are staged, by filename."""
    tables = segment_tables(segment_of([], [decoded]))
    return {row["filename"]: row | {"release_number": None} for row in tables["files"].to_pylist()}


@st.composite
def odd_files(draw: st.DrawFn, api: Api) -> object:
    """An entry that is not like the others: a recorded one with a few fields changed or gone, or anything at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(VALUES)
    odd = copy.deepcopy(files_of(RECORDED[api])[0]) | {"filename": "requests-0.0.1.zip"}
    for name in draw(st.lists(st.sampled_from(FIELDS[api]), max_size=3, unique=True)):
        if draw(st.booleans()):
            odd[name] = draw(NAMES | VALUES if name == "filename" else VALUES)
        else:
            odd.pop(name, None)
    return odd


@pytest.mark.parametrize("api", Api)
def test_one_odd_file_costs_no_other(api: Api) -> None:
    before = table(DECODERS[api](PROJECT, json.dumps(RECORDED[api] | {"urls": []}).encode()))
    odd_ones = 0

    @SETTINGS
    @given(odd_files(api), st.integers(0, 4))
    def hold(odd: object, place: int) -> None:
        nonlocal odd_ones
        document = copy.deepcopy(RECORDED[api] | {"urls": []})
        files_of(document).insert(place, odd)  # type: ignore[arg-type] # that is the point
        try:
            body = json.dumps(document, allow_nan=False).encode()
        except ValueError:
            return  # no JSON
        decoded = DECODERS[api](PROJECT, body)
        odd_ones += bool(decoded.set_aside)
        after = table(decoded)
        assert {name: after.get(name) for name in before} == before
        lost = [each for each in decoded.set_aside if each.is_whole_file]
        assert len(after) + len(lost) == len(before) + 1

    hold()
    assert odd_ones


@pytest.mark.slow
@pytest.mark.parametrize("api", Api)
def test_the_order_of_the_files_does_not_matter(api: Api) -> None:
    @SETTINGS
    @given(st.lists(odd_files(api), max_size=3), st.randoms(use_true_random=False))
    def hold(odd: list[object], chance: random.Random) -> None:
        document = copy.deepcopy(RECORDED[api] | {"urls": []})
        files_of(document).extend(odd)  # type: ignore[arg-type] # see above
        try:
            first = outcome(api, document)
        except ValueError:
            return
        chance.shuffle(files_of(document))
        assert outcome(api, document) == first

    hold()


def outcome(api: Api, document: dict[str, Any]) -> object:
    try:
        decoded = DECODERS[api](PROJECT, json.dumps(document, allow_nan=False).encode())
    except DecodeError as error:
        return error.reason
    return table(decoded), set(decoded.versions), decoded.unlisted, list(decoded.set_aside)


@pytest.mark.parametrize(
    "uploads",
    [
        ("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"),
        (None, "2021-01-01T00:00:00Z"),
        ("2021-01-02T00:00:00+02:00", "2021-01-01T23:00:00Z"),
    ],
)
@pytest.mark.parametrize("is_turned", [False, True])
def test_of_two_files_with_one_name_one_is_kept_and_the_other_reported(
    uploads: tuple[str | None, ...], is_turned: bool
) -> None:
    name = "spam-1.0.zip"
    files: list[dict[str, Any]] = [
        {"filename": name, "hashes": {}, "upload-time": uploaded_at, "size": 1} for uploaded_at in uploads
    ]
    body = {"name": "spam", "versions": ["1.0"], "files": files[::-1] if is_turned else files}
    decoded = DECODERS[Api.SIMPLE](NormalizedName("spam"), json.dumps(body).encode())
    [kept] = decoded.files["uploaded_at"]
    assert kept == min(datetime.fromisoformat(each) for each in uploads if each)
    [other] = decoded.set_aside
    assert (other.filename, other.reason, other.is_whole_file) == (name, "duplicate", True)
    assert (uploads[0] or "spam")[:10] not in str(other.value) or uploads[0] is None
