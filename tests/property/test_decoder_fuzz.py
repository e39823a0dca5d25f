"""Mutated real documents: a decoder accepts each, or raises one DecodeError; what it accepts fits the dataset.

``make fuzz`` runs the same with 20,000 documents for each decoder.
"""

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packaging.utils import NormalizedName

from audit.crawl.decode import Decoded, decode_json, decode_simple
from audit.crawl.segment import segment_of
from audit.crawl.worker import Job, decode_and_stage
from audit.dataset.staging import Plan, Staging, segment_tables
from audit.errors import DecodeError
from audit.model import Api, Ask, Fetched, Page
from tests.recorded import index_page, json_document

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "150"))
PROJECT = NormalizedName("requests")
Decoder = Callable[[NormalizedName, bytes], Decoded]


def few_files(document: dict[str, Any]) -> dict[str, Any]:
    """A recorded document cut down to a few files, so that mutations hit them."""
    if "files" in document:
        return {**document, "files": document["files"][:4]}
    releases = dict(list(document["releases"].items())[:4])
    return {**document, "releases": releases, "urls": list(releases.values())[-1]}


RECORDED = {
    Api.JSON: few_files(json.loads(json_document(PROJECT))),
    Api.SIMPLE: few_files(json.loads(index_page(PROJECT))),
}
DECODERS: dict[Api, Decoder] = {Api.JSON: decode_json, Api.SIMPLE: decode_simple}

HOSTILE = st.sampled_from(
    [
        "",
        "../../etc/passwd",
        "\x1b[31m",
        "\u202e",
        "9" * 5000,
        "1!" + "1." * 2000,
        "requests-1.0-" + "a." * 500 + "-b-c.whl",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59.999999-23:59",
        "2020-01-01T00:00:60Z",
        2**63,
        -(2**63) - 1,
        10**400,
        1e400,
    ]
)
VALUES = st.recursive(
    HOSTILE | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def paths(node: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document, the root's members first."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [place for key, child in children for place in ((*path, key), *paths(child, (*path, key)))]


PATHS = {api: paths(document) for api, document in RECORDED.items()}


@st.composite
def mutated(draw: st.DrawFn, api: Api) -> bytes:
    """A recorded document with a few values replaced, removed or renamed, and sometimes its bytes damaged."""
    document = copy.deepcopy(RECORDED[api])
    for _ in range(draw(st.integers(0, 3))):
        mutate(draw, document, draw(st.sampled_from(PATHS[api])))
    body = json.dumps(document, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(body)))
        body = draw(
            st.sampled_from(
                [
                    body[:at],
                    body[:at] + draw(st.binary(max_size=3)) + body[at:],
                    body[:at] + body[at + 1 :],
                    body + body[at:],
                ]
            )
        )
    return body


def mutate(draw: st.DrawFn, document: dict[str, Any], path: tuple[Any, ...]) -> None:
    """One mutation at a place, if an earlier one has not removed it."""
    parent: Any = document
    try:
        for key in path[:-1]:
            parent = parent[key]
        value = parent[path[-1]]
    except (KeyError, IndexError, TypeError):
        return
    if not isinstance(parent, dict | list):
        return
    what = draw(st.integers(0, 2))
    if what == 0:
        parent[path[-1]] = draw(VALUES)
    elif what == 1:
        del parent[path[-1]]
    elif isinstance(parent, dict):
        parent[draw(st.text(max_size=6))] = value
    else:
        parent.append(value)


@pytest.mark.parametrize("api", Api)
def test_a_decoder_accepts_or_says_one_error(api: Api) -> None:
    accepted = odd = 0

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(mutated(api))
    def fuzz(body: bytes) -> None:
        nonlocal accepted, odd
        try:
            decoded = DECODERS[api](PROJECT, body)
        except DecodeError:
            return
        accepted += 1
        odd += bool(decoded.set_aside)
        tables = segment_tables(segment_of([], [decoded]))
        table = tables["files"]
        for each in tables.values():
            each.validate(full=True)
        assert tables["set_aside"].num_rows == len(decoded.set_aside)
        assert len(set(table["filename"].to_pylist())) == decoded.file_count

    fuzz()
    assert accepted > odd > 0, "a fuzzer that only sees refusals, or nothing odd, proves nothing"


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999-23:59"])
def test_times_at_the_ends_of_the_calendar_are_set_aside_and_nothing_else(tmp_path: Path, time: str) -> None:
    document: dict[str, Any] = copy.deepcopy(RECORDED[Api.SIMPLE])
    document["files"][0]["upload-time"] = time
    staging = Staging(tmp_path / "staging")
    staging.begin(Plan("20261123T000000Z", "simple", "http://127.0.0.1/simple/"))
    page = Page(Ask(PROJECT), Fetched(200, json.dumps(document).encode()))
    [result] = decode_and_stage(Job([page], Api.SIMPLE, staging.next_path(0)))
    assert (result.outcome, result.reason) == ("found", None)
    [aside] = staging.read("set_aside").read_all().to_pylist()
    assert (aside["filename"], aside["field"]) == (document["files"][0]["filename"], "uploaded_at")
