"""A folder that changes while it is served."""

import gzip
from pathlib import Path

import httpx

from tests.replay.pages import page, write

# A folder that changes while it is served


def test_a_page_that_changes_is_served_in_the_next_answer(folder: Path, client: httpx.Client) -> None:
    before, root = client.get("spam/"), client.get("")
    assert root.json()["projects"] == [{"name": "spam", "_last-serial": 7}]
    write(folder / "index", "spam", page("spam", "8", "spam-1.0.tar.gz", versions=["1.0"]))
    after = client.get("spam/", headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.headers["x-pypi-last-serial"]) == (200, "8")
    assert client.get("").json()["projects"] == [{"name": "spam", "_last-serial": 8}]


def test_a_page_written_again_with_the_same_content_keeps_its_tag(folder: Path, client: httpx.Client) -> None:
    tag = client.get("spam/").headers["etag"]
    path = folder / "index" / "spam.json.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()), mtime=1))
    assert client.get("spam/", headers={"If-None-Match": tag}).status_code == 304


def test_a_page_that_appears_or_vanishes_does_so_in_the_next_answer(folder: Path, client: httpx.Client) -> None:
    assert client.get("eggs/").status_code == 404
    write(folder / "index", "eggs", page("eggs", 9, versions=[]))
    assert client.get("eggs/").status_code == 200
    assert len(client.get("").json()["projects"]) == 2
    (folder / "index" / "eggs.json.gz").unlink()
    assert client.get("eggs/").status_code == 404
    assert len(client.get("").json()["projects"]) == 1


def test_of_two_forms_the_root_promises_the_greater_serial(folder: Path, client: httpx.Client) -> None:
    write(folder / "json", "spam", {"info": {"name": "spam"}, "releases": {}, "last_serial": 12})
    assert client.get("").json()["projects"] == [{"name": "spam", "_last-serial": 12}]


def test_broken_recordings_are_served_as_they_are_without_a_serial_in_the_root(
    folder: Path, client: httpx.Client
) -> None:
    (folder / "index" / "html.json.gz").write_bytes(gzip.compress(b"<html>busy</html>"))
    answer = client.get("html/")
    assert (answer.content, "x-pypi-last-serial" in answer.headers) == (b"<html>busy</html>", False)
    assert {"name": "html"} in client.get("").json()["projects"]
    assert client.get(str(client.base_url.join("/pypi/html/json"))).status_code == 500


def test_a_damaged_recording_is_a_500_that_says_so(folder: Path, client: httpx.Client) -> None:
    whole = (folder / "index" / "spam.json.gz").read_bytes()
    (folder / "index" / "cut.json.gz").write_bytes(whole[:-9])
    answer = client.get("cut/")
    assert answer.status_code == 500
    assert answer.text.startswith("bad-gzip: ")
    assert {"name": "cut"} in client.get("").json()["projects"]
