"""The replay: recorded pages answered as the index answers, and one API's form derived from the other's."""

import gzip
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from packaging.utils import NormalizedName

from audit.decode.json_api import decode_json
from audit.decode.simple_api import decode_simple
from audit.errors import AuditError, DecodeError, UsageError
from audit.replay.app import replay_app
from audit.replay.derive import document_from, page_from
from audit.replay.recording import recorded_projects
from audit.replay.server import serving

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
BOTH_FORMS = sorted(path.name.removesuffix(".json.gz") for path in (SAMPLE / "json").iterdir())
INDEX_TYPE = "application/vnd.pypi.simple.v1+json"
# Wheels of 2014 and 2015, whose uploading tool told the interpreter it ran on instead of the wheel's tag.
TOLD_OTHERWISE = {"numpy": 4, "pyyaml": 6, "requests": 18}

Document = dict[str, Any]


def recorded(folder: str, name: str) -> bytes:
    return gzip.decompress((SAMPLE / folder / f"{name}.json.gz").read_bytes())


def write(folder: Path, name: str, document: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f"{name}.new"
    new.write_bytes(gzip.compress(msgspec.json.encode(document)))
    new.replace(folder / f"{name}.json.gz")


def page(name: str, serial: int | str = "7", *filenames: str, **more: object) -> Document:
    files = [{"filename": f, "url": f"../../packages/{f}", "hashes": {"sha256": "00"}} for f in filenames]
    return {"meta": {"api-version": "1.1", "_last-serial": serial}, "name": name, "files": files, **more}


def derived(told: Document) -> Document:
    body = document_from(msgspec.json.encode(told))
    assert body is not None
    document: Document = msgspec.json.decode(body)
    return document


def by_filename(document: Document) -> dict[str, Document]:
    return {f["filename"]: {"version": v, **f} for v, files in document["releases"].items() for f in files}


@pytest.fixture(scope="module")
def sample_address() -> Iterator[str]:
    with serving(SAMPLE) as address:
        yield address


@pytest.fixture
def sample(sample_address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sample_address.removesuffix("simple/"), trust_env=False) as client:
        yield client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "index", "spam", page("spam", "7", "spam-1.0.tar.gz", versions=["1.0"]))
    return tmp_path


@pytest.fixture
def client(folder: Path) -> Iterator[httpx.Client]:
    with serving(folder) as address, httpx.Client(base_url=address, trust_env=False) as client:
        yield client


# One form derived from the other


@pytest.mark.parametrize("name", BOTH_FORMS)
def test_derived_document_equals_the_recorded_one_file_by_file(name: str) -> None:
    told = msgspec.json.decode(recorded("json", name))
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
    expected, given = by_filename(told), by_filename(document)
    assert given.keys() == expected.keys()
    for filename, file in expected.items():
        assert {f: given[filename][f] for f in fields} == {f: file[f] for f in fields}
        assert given[filename]["digests"]["sha256"] == file["digests"]["sha256"]
    others = [f for f, file in expected.items() if given[f]["python_version"] != file["python_version"]]
    assert len(others) == TOLD_OTHERWISE.get(name, 0)
    assert {f[-4:] for f in others} <= {".whl"}


def test_the_projects_recorded_in_both_forms_have_6691_files() -> None:
    counts = [len(by_filename(msgspec.json.decode(recorded("json", name)))) for name in BOTH_FORMS]
    assert sum(counts) == 6691


@pytest.mark.parametrize("name", BOTH_FORMS)
def test_derived_document_has_the_recorded_ones_shape(name: str) -> None:
    told = msgspec.json.decode(recorded("json", name))
    document = derived(msgspec.json.decode(recorded("index", name)))
    assert document.keys() == told.keys()
    assert document["info"].keys() == told["info"].keys()
    assert document["info"]["version"] == told["info"]["version"]
    assert document["info"]["requires_python"] == told["info"]["requires_python"]
    assert document["last_serial"] == told["last_serial"]
    assert list(document["releases"]) == list(told["releases"])
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
        assert _rows(decode_json(name, document).files) == _rows(decode_simple(name, body).files)


def _rows(files: Any) -> list[tuple[object, ...]]:
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
def test_info_tells_the_latest_final_release(versions: list[str], latest: str) -> None:
    told = page("spam", 7, *(f"spam-{v}.tar.gz" for v in versions), versions=versions)
    assert derived(told)["info"]["version"] == latest


def test_info_passes_over_a_yanked_release() -> None:
    told = page("spam", 7, "spam-1.0.tar.gz", "spam-2.0.tar.gz", versions=["1.0", "2.0"])
    told["files"][1]["yanked"] = "broken"
    assert derived(told)["info"]["version"] == "1.0"


def test_yanked_without_a_reason_has_none() -> None:
    told = page("spam", 7, "spam-1.0.tar.gz", versions=["1.0"])
    told["files"][0]["yanked"] = True
    document = derived(told)
    assert (document["urls"][0]["yanked"], document["urls"][0]["yanked_reason"]) == (True, None)
    assert msgspec.json.decode(page_from(msgspec.json.encode(document)))["files"][0]["yanked"] is True


def test_what_the_page_does_not_tell_stays_null() -> None:
    file = derived(page("spam", 7, "spam-1.0.tar.gz", versions=["1.0"]))["urls"][0]
    assert [file[f] for f in ("upload_time", "upload_time_iso_8601", "size", "md5_digest")] == [None] * 4


def test_a_file_of_unknown_kind_has_no_packagetype() -> None:
    file = derived(page("spam", 7, "spam-1.0.unheard-of", versions=["1.0"]))["urls"][0]
    assert (file["packagetype"], file["python_version"]) == (None, "any")


def test_a_listed_release_with_no_file_is_in_the_document() -> None:
    assert derived(page("spam", 7, versions=["1.0"]))["releases"] == {"1.0": []}


@pytest.mark.parametrize(
    "told",
    [
        page("spam", 7, versions=[]),
        page("spam", 7, versions=["1.0"], **{"project-status": {"status": "quarantined"}}),
    ],
    ids=["no release", "quarantined"],
)
def test_the_json_api_knows_no_such_project(told: Document) -> None:
    assert document_from(msgspec.json.encode(told)) is None


def test_a_file_of_no_listed_version_is_an_error_not_a_guess() -> None:
    with pytest.raises(DecodeError, match=r"no-version: 'eggs-1.0.exe' names no listed version"):
        derived(page("spam", 7, "eggs-1.0.exe", versions=["1.0"]))


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"name": 1}'])
def test_a_page_of_another_shape_is_a_decode_error(body: bytes) -> None:
    with pytest.raises(DecodeError):
        document_from(body)
    with pytest.raises(DecodeError):
        page_from(body)


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
def test_head_tells_what_get_tells(sample: httpx.Client, path: str) -> None:
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


def test_404_is_told_as_each_api_tells_it(sample: httpx.Client) -> None:
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


def test_a_page_that_appears_or_goes_does_so_in_the_next_answer(folder: Path, client: httpx.Client) -> None:
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


def test_broken_recordings_are_served_as_they_are_and_root_tells_no_serial(folder: Path, client: httpx.Client) -> None:
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


# The server


def test_nothing_is_left_of_a_server_that_ended(folder: Path) -> None:
    before = set(threading.enumerate())
    with serving(folder) as address:
        assert httpx.get(f"{address}spam/", trust_env=False).status_code == 200
    assert set(threading.enumerate()) == before
    with pytest.raises(httpx.ConnectError):
        httpx.get(address, trust_env=False)


def test_an_error_in_the_block_ends_the_server_too(folder: Path) -> None:
    before = set(threading.enumerate())
    with pytest.raises(ZeroDivisionError), serving(folder):
        raise ZeroDivisionError
    assert set(threading.enumerate()) == before


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # it is what is tested
def test_a_server_that_cannot_start_is_an_error_not_a_wait(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def startup(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("uvicorn.Server.startup", startup)
    with pytest.raises(RuntimeError, match="did not start"), serving(folder):
        pytest.fail("the block must not run")


def test_a_port_in_use_is_one_clear_line(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"cannot serve on 127\.0\.0\.1:{port} .*--port") as caught:
            serving(folder, port).__enter__()
    assert "\n" not in str(caught.value)


def test_an_application_needs_no_page_yet(tmp_path: Path) -> None:
    assert replay_app(tmp_path).routes


@pytest.mark.parametrize("name", ["missing", "empty", "file"])
def test_a_folder_without_pages_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(AuditError, match=rf"{name}': expected index/NAME\.json\.gz"):
        recorded_projects(tmp_path / name)


# The command

COMMAND = [sys.executable, "-m", "audit", "replay"]


def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_command_serves_until_it_is_told_to_end(folder: Path, number: int) -> None:
    arguments = [*COMMAND, str(folder)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = process.stdout.readline().split()
        assert line[:5] == ["replay", "of", "1", "projects", "at"]
        assert httpx.get(f"{line[5]}spam/", trust_env=False).status_code == 200
        process.send_signal(number)
        output, errors = process.communicate(timeout=30)
    assert (process.returncode, output, errors) == (0, "", "")


def test_command_runs_another_one_against_the_replay(folder: Path) -> None:
    script = (
        "import os, sys, urllib.request as r\n"
        "opener = r.build_opener(r.ProxyHandler({}))\n"
        "with opener.open(os.environ['RELEASE_AUDIT_INDEX_URL'] + sys.argv[2] + '/') as answer:\n"
        "    print(answer.status, sys.argv[1:])\n"
        "sys.exit(3)\n"
    )
    done = run(folder, "--", sys.executable, "-c", script, "--port", "spam")
    assert (done.returncode, done.stdout) == (3, "200 ['--port', 'spam']\n")
    assert done.stderr.startswith("replay of 1 projects at http://127.0.0.1:")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_command_tells_a_signal_as_a_shell_does(folder: Path) -> None:
    script = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert run(folder, "--", sys.executable, "-c", script).returncode == 128 + signal.SIGKILL


def test_command_that_cannot_be_started_is_one_line(folder: Path) -> None:
    done = run(folder, "--", "no-such-program")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("release-audit: cannot run 'no-such-program': ")
    assert "Traceback" not in done.stderr


def test_command_without_pages_is_one_line(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert str(tmp_path) in done.stderr
