"""The address of an index, and which projects are meant."""

import json
from pathlib import Path

import pypi_simple
import pytest
from packaging.utils import NormalizedName

from audit.crawl.index import IndexAddress, options_of, parse_name, parse_projects_file, resolve_address
from audit.crawl.index.address import pip_index_url
from audit.errors import IndexAddressError, UsageError
from audit.model import Api
from audit.urls import Login

HOST = "http://127.0.0.1:8080"
SPAM = NormalizedName("spam")


def resolved(index_url: str, json_url: str | None = None) -> IndexAddress:
    return resolve_address(index_url, json_url)


def test_the_json_api_is_the_sibling_of_the_index_api() -> None:
    address = resolved(f"{HOST}/root/simple")
    assert address.page(Api.SIMPLE, SPAM) == f"{HOST}/root/simple/spam/"
    assert address.page(Api.JSON, SPAM) == f"{HOST}/root/pypi/spam/json"
    assert resolved(f"{HOST}/a/+simple/").json == f"{HOST}/a/pypi/"
    assert resolved(f"{HOST}/simple/", f"{HOST}/elsewhere").page(Api.JSON, SPAM) == f"{HOST}/elsewhere/spam/json"


def test_the_order_of_who_says_where_the_index_is() -> None:
    def configured() -> str:
        return f"{HOST}/configured/"

    assert resolve_address(f"{HOST}/given/", None, configured).simple == f"{HOST}/given/"
    assert resolve_address(None, None, configured).simple == f"{HOST}/configured/"
    assert resolve_address(None, None, lambda: None).simple == pypi_simple.PYPI_SIMPLE_ENDPOINT


def test_what_pip_is_configured_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    (tmp_path / "pip.conf").write_text(f"[global]\nindex-url = {HOST}/file/\n")
    assert pip_index_url() == f"{HOST}/file/"
    monkeypatch.setenv("PIP_INDEX_URL", f"{HOST}/variable/")
    assert pip_index_url() == f"{HOST}/variable/"


@pytest.mark.parametrize(
    ("index_url", "json"),
    [
        ("https://u:secret@wheels.example.com/", "https://wheels.example.com/pypi/"),
        ("https://wheels.example.com:8443", "https://wheels.example.com:8443/pypi/"),
        ("http://[::1]:8080/", "http://[::1]:8080/pypi/"),
        ("http://u@[::1]/simple", "http://[::1]/pypi/"),
        ("https://wheels.example.com//", "https://wheels.example.com/pypi/"),
        ("https://wheels.example.com?q=/a/b", "https://wheels.example.com/pypi/"),
        ("https://wheels.example.com:443/simple/", "https://wheels.example.com/pypi/"),
    ],
)
def test_the_json_api_is_on_the_host_of_the_index(index_url: str, json: str) -> None:
    assert resolved(index_url).json == json


def test_credentials_are_taken_out_of_the_address() -> None:
    address = resolved("https://me:s%40cret@127.0.0.1/simple/?token=x#y")
    assert address.logins == (Login("https://127.0.0.1/simple/", "me", "s@cret"),)
    assert address.simple == "https://127.0.0.1/simple/"
    assert "cret" not in repr(address)
    assert "me" not in repr(address).replace("simple", "")
    assert resolved("https://[::1]:8443/simple").simple == "https://[::1]:8443/simple/"


@pytest.mark.parametrize("address", ["me:80/x@h/", "h/a@b/", "h?a@b", "me:p@x/y@h/simple/"])
def test_an_address_that_reads_in_two_ways_is_refused(address: str) -> None:
    with pytest.raises(IndexAddressError, match="can be read in two ways"):
        resolved(f"https://{address}")
    assert resolved("https://me:p@x@h/a%40b/").json == "https://h/pypi/"


def test_each_address_has_the_credentials_that_it_was_given() -> None:
    address = resolve_address(f"{HOST}/simple/", "http://u:p@127.0.0.1/j/", is_own=False)
    assert address.logins == (Login(f"{HOST}/simple/", is_own=False), Login("http://127.0.0.1/j/", "u", "p"))
    assert resolve_address(None, None, lambda: HOST, is_own=False).logins == (Login(f"{HOST}/"),), "pip's is the user's"


@pytest.mark.parametrize("text", ["", " ", "simple", "ftp://127.0.0.1/", "http://", "http://[::1", "http://x:y/", "/a"])
def test_what_is_no_address_is_named(text: str) -> None:
    with pytest.raises(IndexAddressError, match="the index address"):
        resolve_address(text or " ")


@pytest.mark.parametrize("password", ["secret", "sec/ret", "sec?ret", "sec#ret", "sec@ret", "sec:ret", "ret/@:8"])
@pytest.mark.parametrize("scheme", ["ftp://", "https://", "", "://"])
def test_a_message_never_shows_a_password(scheme: str, password: str) -> None:
    with pytest.raises(IndexAddressError) as caught:
        resolved(f"{scheme}me:{password}@127.0.0.1:port/")
    assert "sec" not in str(caught.value)
    assert "ret" not in str(caught.value)


def test_names_are_normalized_once_and_in_order() -> None:
    text = "\ufeffnumpy\n# a comment\n\n Foo.Bar  # why\nNUMPY\nfoo_bar\n"
    assert parse_projects_file(text, "list") == ["numpy", "foo-bar"]
    assert parse_projects_file(text, "list", top=1) == ["numpy"]


def test_a_ranked_list() -> None:
    rows = [{"download_count": 9, "project": "boto3"}, {"download_count": 8, "project": "Six"}]
    text = json.dumps({"last_update": "x", "rows": rows})
    assert parse_projects_file(text, "top.json") == ["boto3", "six"]
    assert parse_projects_file(text, "top.json", top=1) == ["boto3"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "list names no project"),
        ("# only\n", "list names no project"),
        ("numpy\nfoo bar\n", "list, line 2: 'foo bar' is not a project name"),
        ("../../etc/passwd", "line 1"),
        ("{", "not a ranked list"),
        ('{"rows": [{"name": "x"}]}', "not a ranked list"),
        ('{"rows": [{"project": "x"}, {"project": "a/b"}]}', r"list, rows\[1\].project: 'a/b'"),
    ],
)
def test_a_list_that_does_not_fit_says_where(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_projects_file(text, "list")


@pytest.mark.parametrize("name", ["", "-a", "a-", "a b", "a/b", "..", "%2e%2e", "ä", "a\n", "\x1b[31m"])
def test_what_is_no_name_is_named(name: str) -> None:
    with pytest.raises(UsageError, match="--project"):
        parse_name(name)


def test_the_options_that_chose_are_shown_without_the_folder_and_with_few_names() -> None:
    names = [NormalizedName(f"p{number}") for number in range(7)]
    assert options_of(names[:2]) == "--project p0 --project p1"
    assert options_of(names) == "--project p0 --project p1 --project p2 --project p3 --project p4 and 2 more"
    assert options_of([], Path("/home/somebody/top list.json"), 100) == "--projects 'top list.json' --top 100"
    assert options_of([SPAM], Path("names")) == "--project spam --projects names"
    assert len(options_of([], Path("x" * 300))) < 100
