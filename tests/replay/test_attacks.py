"""A hostile folder, request or web page gets nothing out of a replay but the folder's pages."""

import gzip
import os
import socket
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.errors import UsageError
from audit.replay.files import open_page, pages_below
from audit.replay.recording import Recording, recorded_projects
from tests.replay.pages import page, write

SECRET = b"secret of the machine"


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder beside, with files that must not be readable through the replay."""
    beside = tmp_path_factory.mktemp("outside")
    for name in ("secret.json.gz", "passwd"):
        (beside / name).write_bytes(gzip.compress(SECRET))
    return beside


# A link in the folder, and where it leads.
LINKS = {
    "a file": ("index/secret.json.gz", "{out}/secret.json.gz"),
    "a file of another name": ("index/secret.json.gz", "{out}/passwd"),
    "a file, relative": ("index/secret.json.gz", "../{relative}/secret.json.gz"),
    "a folder": ("json", "{out}"),
    "a folder, relative": ("json", "{relative}"),
    "a link to a link": ("index/secret.json.gz", "../way/secret.json.gz"),
}


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_a_link_out_of_the_folder_is_not_a_page(
    link: tuple[str, str], folder: Path, outside: Path, client: httpx.Client
) -> None:
    name, target = link
    (folder / "way").symlink_to(outside)
    (folder / name).symlink_to(target.format(out=outside, relative=os.path.relpath(outside, folder)))
    assert (folder / name).exists(), "the link leads somewhere"
    assert recorded_projects(folder) == ["spam"]
    assert [project["name"] for project in client.get("").json()["projects"]] == ["spam"]
    for path in ("/simple/secret/", "/pypi/secret/json", "/simple/passwd/"):
        answer = client.get(str(client.base_url.join(path)))
        assert (answer.status_code, SECRET in answer.content) == (404, False)


def test_a_link_within_the_folder_is_a_page(folder: Path, client: httpx.Client) -> None:
    write(folder / "pool", "eggs", page("eggs", 9, versions=[]))
    (folder / "index/eggs.json.gz").symlink_to("../pool/eggs.json.gz")
    (folder / "json").symlink_to("pool")
    assert client.get("eggs/").status_code == 200
    assert pages_below(folder, "index")["eggs.json.gz"] == (folder / "pool/eggs.json.gz").resolve()


def test_a_folder_that_is_named_by_a_link_is_served(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    named = tmp_path_factory.mktemp("links") / "here"
    named.symlink_to(folder)
    assert recorded_projects(named) == ["spam"]


def test_a_page_that_becomes_a_link_is_gone(folder: Path, outside: Path) -> None:
    listed = pages_below(folder, "index")["spam.json.gz"]
    recording = Recording(folder)
    listed.unlink()
    listed.symlink_to(outside / "secret.json.gz")
    with pytest.raises(OSError, match=r"symbolic links"):
        open_page(listed).close()
    assert "spam" not in recording.projects()


@pytest.mark.parametrize("name", ["x", "spam"])
def test_a_folder_with_the_name_of_a_page_is_not_a_page(name: str, folder: Path, client: httpx.Client) -> None:
    (folder / "json").mkdir()
    (folder / "json" / f"{name}.json.gz").mkdir()
    assert recorded_projects(folder) == ["spam"]
    assert len(client.get("").json()["projects"]) == 1
    assert client.get("x/").status_code == 404


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_not_waited_for(folder: Path, client: httpx.Client) -> None:
    os.mkfifo(folder / "index/pipe.json.gz")
    assert client.get("pipe/").status_code == 404
    with pytest.raises(FileNotFoundError):
        open_page(folder / "index/pipe.json.gz")


def test_links_in_a_circle_and_into_nowhere(folder: Path, client: httpx.Client) -> None:
    (folder / "index/a.json.gz").symlink_to("b.json.gz")
    (folder / "index/b.json.gz").symlink_to("a.json.gz")
    (folder / "index/c.json.gz").symlink_to("nowhere")
    assert [project["name"] for project in client.get("").json()["projects"]] == ["spam"]
    (folder / "json").symlink_to("json")
    with pytest.raises(UsageError, match=r"json' cannot be read \(.*\): check it"):
        recorded_projects(folder)
    assert client.get("").status_code == 500


PIECES = st.sampled_from(
    ["..", ".", "", "spam", "index", "json", "secret", "secret.json.gz", "passwd", "\0", "\\", "%"]
)
PATHS = st.lists(PIECES, min_size=1, max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(
    pieces=PATHS,
    separator=st.sampled_from(["/", "%2f", "%5c", "\\", "%252f"]),
    start=st.sampled_from(["simple", "pypi"]),
)
def test_no_path_leaves_the_folder(
    pieces: list[str], separator: str, start: str, folder: Path, client: httpx.Client
) -> None:
    (folder.parent / "secret.json.gz").write_bytes(gzip.compress(SECRET))
    path = separator.join(quote(piece, safe="") for piece in pieces)
    for address in (f"/{start}/{path}", f"/{start}/{path}/", f"/{start}/{path}/json"):
        status, body = asked(client, address.encode(), f"127.0.0.1:{client.base_url.port}")
        assert status in {200, 301, 400, 404}
        assert SECRET not in body


def asked(client: httpx.Client, address: bytes, *hosts: str, version: str = "1.1") -> tuple[int, bytes]:
    """The answer to an unchanged request with these Host headers: its status and its body."""
    head = [b"GET " + address + f" HTTP/{version}".encode(), *(f"Host: {host}".encode() for host in hosts)]
    with socket.create_connection(("127.0.0.1", client.base_url.port or 0), timeout=300) as peer:
        peer.sendall(b"\r\n".join([*head, b"Connection: close", b"", b""]))
        answer = b"".join(iter(lambda: peer.recv(65536), b""))
    status, _, body = answer.partition(b"\r\n\r\n")
    return int(status.split(b" ")[1]), body


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:{}", 200),
        ("127.0.0.1", 200),
        ("localhost:{}", 200),
        ("LOCALHOST", 200),
        ("attacker.example.org", 400),
        ("attacker.example.org:{}", 400),
        ("127.0.0.1.example.org", 400),
        ("localhost.example.org:{}", 400),
        ("127.0.0.2:{}", 400),
        ("0.0.0.0:{}", 400),
        ("me@127.0.0.1:{}", 400),
        ("attacker.example.org@127.0.0.1", 400),
        ("", 400),
    ],
)
def test_only_its_own_host_is_answered(host: str, status: int, client: httpx.Client) -> None:
    for path in (b"/simple/", b"/simple/spam/", b"/pypi/spam/json", b"/simple"):
        got, body = asked(client, path, host.format(client.base_url.port))
        assert got == (301 if (status, path) == (200, b"/simple") else status)
        assert status == 200 or b"spam" not in body


def test_without_a_host_there_is_no_answer(client: httpx.Client) -> None:
    assert asked(client, b"/simple/")[0] == 400
    assert asked(client, b"/simple/", version="1.0")[0] == 400
