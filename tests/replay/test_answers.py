"""Answers over HTTP."""

from pathlib import Path

import httpx
import msgspec
import pytest

from audit.replay.derive import document_from
from audit.replay.server import serving
from tests.recorded import recorded
from tests.replay.pages import INDEX_TYPE, write

# Answers over HTTP


def test_page_is_served_as_recorded(sample: httpx.Client) -> None:
    answer = sample.get("/simple/numpy/?ignored=1")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == INDEX_TYPE
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["x-pypi-last-serial"] == "42069282"
    assert answer.content == recorded("index", "numpy")


def test_document_is_served_as_recorded(sample: httpx.Client) -> None:
    answer = sample.get("/pypi/numpy/json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-pypi-last-serial"] == "42069282"
    assert answer.content == recorded("json", "numpy")


def test_document_is_derived_where_only_the_page_was_recorded(sample: httpx.Client) -> None:
    answer = sample.get("/pypi/attrs/json")
    assert answer.content == document_from(recorded("index", "attrs"))
    assert answer.headers["x-pypi-last-serial"] == str(answer.json()["last_serial"])


@pytest.mark.parametrize("accepted", ["identity", "gzip;q=0", "*;q=0.0", "br", ""])
def test_identity_for_clients_that_take_no_gzip(sample: httpx.Client, accepted: str) -> None:
    answer = sample.get("/simple/numpy/", headers={"Accept-Encoding": accepted})
    assert "content-encoding" not in answer.headers
    assert answer.headers["content-length"] == str(len(recorded("index", "numpy")))
    assert answer.content == recorded("index", "numpy")


@pytest.mark.parametrize("accepted", ["gzip", "br, GZIP;q=0.5", "*", "identity;q=0, *;q=1"])
def test_gzip_for_clients_that_take_it(sample: httpx.Client, accepted: str) -> None:
    answer = sample.get("/pypi/attrs/json", headers={"Accept-Encoding": accepted})
    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("path", ["/simple/attrs/", "/pypi/attrs/json", "/pypi/numpy/json", "/simple/"])
def test_head_says_what_get_says(sample: httpx.Client, path: str) -> None:
    got, head = sample.get(path), sample.head(path)
    assert head.content == b""
    drop = {"date"}
    assert {k: v for k, v in head.headers.items() if k not in drop} == {
        k: v for k, v in got.headers.items() if k not in drop
    }


@pytest.mark.parametrize("path", ["/simple/attrs/", "/pypi/attrs/json", "/simple/"])
@pytest.mark.parametrize("known", ["{}", "W/{}", '"a", {} ,"b"', "*"])
def test_a_known_tag_is_answered_with_304(sample: httpx.Client, path: str, known: str) -> None:
    tag = sample.get(path).headers["etag"]
    answer = sample.get(path, headers={"If-None-Match": known.format(tag)})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == tag
    assert answer.headers["x-pypi-last-serial"].isdigit()


def test_tags_are_strong_and_of_one_representation(sample: httpx.Client) -> None:
    packed = sample.get("/simple/attrs/").headers["etag"]
    plain = sample.get("/simple/attrs/", headers={"Accept-Encoding": "identity"}).headers["etag"]
    assert packed.startswith('"')
    assert packed != plain
    assert sample.get("/simple/attrs/", headers={"If-None-Match": plain}).status_code == 200


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/simple/PyYAML/", "/simple/pyyaml/"),
        ("/simple/jupyter_core", "/simple/jupyter-core/"),
        ("/simple/attrs?x=1", "/simple/attrs/"),
        ("/simple", "/simple/"),
        ("/pypi/Jupyter.Core/json?x=1", "/pypi/jupyter-core/json"),
    ],
)
def test_other_spellings_are_redirected_for_good(sample: httpx.Client, path: str, location: str) -> None:
    answer = sample.get(path)
    assert (answer.status_code, answer.headers["location"]) == (301, location)
    assert sample.get(path, follow_redirects=True).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["no-such", "No_Such", "%2e%2e%2fjson", "%2e%2e", "..%2Fjson%2Fnumpy", "%00", "numpy.json.gz", "ä"],
)
def test_unknown_names_are_404(sample: httpx.Client, name: str) -> None:
    assert sample.get(f"/simple/{name}/").status_code == 404
    assert sample.get(f"/pypi/{name}/json").status_code == 404


def test_404_has_the_body_of_its_api(sample: httpx.Client) -> None:
    page, document = sample.get("/simple/no-such/"), sample.get("/pypi/no-such/json")
    assert page.text == "404 Not Found"
    assert document.content == b'{"message": "Not Found"}'
    assert document.headers["content-type"] == "application/json"


@pytest.mark.parametrize("path", ["/", "/packages/x.whl", "/pypi/numpy", "/pypi/numpy/json/"])
def test_other_addresses_are_404(sample: httpx.Client, path: str) -> None:
    assert sample.get(path).status_code == 404


def test_root_lists_every_project_with_its_serial(sample: httpx.Client) -> None:
    answer = sample.get("/simple/")
    root = answer.json()
    assert answer.headers["content-type"] == INDEX_TYPE
    assert len(root["projects"]) == 96
    assert {"name": "numpy", "_last-serial": 42069282} in root["projects"]
    newest = max(project["_last-serial"] for project in root["projects"])
    assert root["meta"] == {"api-version": "1.1", "_last-serial": newest}
    assert answer.headers["x-pypi-last-serial"] == str(newest)


def test_page_is_derived_where_only_the_document_was_recorded(tmp_path: Path) -> None:
    write(tmp_path / "json", "ninja", msgspec.json.decode(recorded("json", "ninja")))
    with serving(tmp_path) as address:
        answer = httpx.get(f"{address}ninja/", trust_env=False)
    assert answer.json() == msgspec.json.decode(recorded("index", "ninja"))
