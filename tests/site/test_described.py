"""The site's files for programs: each fits its format's own schema, and says what is there."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest
import yaml

from audit.queries.catalog import Group, load
from tests.site.conftest import BASE_URL
from tests.site.reading import Site

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def _check_citation(site: Site) -> None:
    schema = ["--builtin-schema", "vendor.citation-file-format", "--default-filetype", "yaml"]
    command = [sys.executable, "-m", "check_jsonschema", *schema, str(site.files["CITATION.cff"])]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.slow
def test_a_citation_of_strangers_text_keeps_to_its_format(hostile_site: Site) -> None:
    _check_citation(hostile_site)


def test_the_citation_keeps_to_its_format(site: Site) -> None:
    _check_citation(site)
    citation = yaml.safe_load(site.files["CITATION.cff"].read_text("utf-8"))
    assert citation["url"] == BASE_URL
    assert citation["abstract"] in site.pages["data.html"].text
    assert str(citation["date-released"]) == "2026-11-23"


def test_the_data_package_holds_every_file_of_data(site: Site) -> None:
    package = json.loads(site.files["datapackage.json"].read_text())
    named = {each["path"]: each for each in package["resources"]}
    assert set(named) == {name for name in site.files if name.startswith("data/")}
    for path, each in named.items():
        content = site.files[path].read_bytes()
        assert (each["bytes"], each["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
        assert each["schema"]["fields"], path
        assert all(field["description"] for field in each["schema"]["fields"]), path
    parquet = [each for each in named.values() if each["format"] == "parquet"]
    for each in parquet:
        assert [field["name"] for field in each["schema"]["fields"]] == pq.read_schema(site.files[each["path"]]).names
    assert len(parquet) == len(load().group(Group.STATISTICS, Group.FLAGS)) + 1, "and the history"


def test_the_site_map_holds_every_page(site: Site) -> None:
    found = [each.text or "" for each in ElementTree.parse(site.files["sitemap.xml"]).iter(LOC)]
    assert all(address.startswith(BASE_URL) for address in found)
    paths = {address.removeprefix(BASE_URL) or "index.html" for address in found}
    assert (len(found), paths) == (len(paths), set(site.pages))


def test_the_feed_says_where_it_is(site: Site) -> None:
    links = ElementTree.parse(site.files["feed.xml"]).getroot().findall("{http://www.w3.org/2005/Atom}link")
    assert {each.get("rel"): each.get("href") for each in links} == {
        "self": f"{BASE_URL}feed.xml",
        "alternate": BASE_URL,
    }


def test_the_picture_has_the_size_that_pages_say(site: Site) -> None:
    page = site.pages["index.html"]
    head = site.files["picture.png"].read_bytes()[:24]
    size = int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    assert head.startswith(b"\x89PNG")
    assert size == (int(page.meta("og:image:width") or 0), int(page.meta("og:image:height") or 0)) == (1200, 630)
    assert page.meta("og:image") == f"{BASE_URL}picture.png"
    assert "357 of 35,996 files" in (page.meta("og:image:alt") or "")


def test_all_digests_hold(site: Site) -> None:
    command = ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"]
    subprocess.run(command, cwd=Path(site.folder), check=True)
    listed = site.files["SHA256SUMS"].read_text().splitlines()[1:]
    assert len(listed) == len(site.files) - 1
