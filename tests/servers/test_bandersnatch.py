"""bandersnatch: a mirror that tells through both APIs what the index told it, to the microsecond."""

import re
from pathlib import Path

import pytest

from audit.cli import DONE, FINDINGS
from audit.replay.server import serving
from tests.servers.crawling import Audit
from tests.servers.nginx import nginx
from tests.servers.running import run
from tests.servers.upstream import PROJECTS, change, read, record, truth, yank_and_delete

pytestmark = pytest.mark.slow

# Pages alone: a crawl asks for no file.
_CONFIGURATION = """\
[mirror]
directory = {tree}
master = {master}
allow-non-https = true
api-method = simple
json = true
simple-format = ALL
release-files = false
root_uri = https://files.example.org
hash-index = false
stop-on-error = true
timeout = 60
global-timeout = 300
workers = 2
verifiers = 1
storage-backend = filesystem
"""
COLUMNS = ("project", "version", "filename", "kind", "uploaded_at", "size_bytes", "sha256", "requires_python")


def mirror(home: Path, upstream: str) -> Path:
    """Brings the mirror up to date; gives the folder to serve."""
    configuration, tree = home / "bandersnatch.conf", home / "tree"
    configuration.write_text(_CONFIGURATION.format(tree=tree, master=upstream.removesuffix("/simple/")))
    run(["bandersnatch", "--config", str(configuration), "mirror"], home)
    return tree / "web"


def test_bandersnatch(tmp_path: Path, crawled_sample: Path) -> None:
    recorded = tmp_path / "recorded"
    record(recorded)
    with serving(recorded) as upstream:
        web = mirror(tmp_path, upstream)
        with nginx(web, tmp_path) as address:
            (tmp_path / "by-simple").mkdir()
            audit, by_simple = Audit(tmp_path, address), Audit(tmp_path / "by-simple", address)
            first = audit.crawl()
            assert (first.code, first.requests) == (DONE, len(PROJECTS) + 2), first
            assert "is asked through its JSON API: it tells releases" in first.err
            other = by_simple.crawl("--whole-index", "--api", "simple")
            assert (other.code, other.requests) == (DONE, len(PROJECTS) + 1), other
            for each in (audit, by_simple):
                assert each.files(*COLUMNS) == truth(crawled_sample, *COLUMNS)
                assert each.files("filename", "is_yanked") == truth(crawled_sample, "filename", "is_yanked")
                assert each.rows("set_aside.parquet", "filename") == []

            releases = ("project", "version", "is_listed")
            assert audit.rows("releases.parquet", *releases) == truth(crawled_sample, *releases, table="releases")
            with_file = {(*release, True) for release in truth(crawled_sample, "project", "version")}
            assert set(by_simple.rows("releases.parquet", *releases)) == with_file, "its Index API has no empty ones"

            reasons = ("filename", "yanked_reason")
            assert audit.files(*reasons) == truth(crawled_sample, *reasons)
            assert {reason for _, reason in by_simple.files(*reasons)} == {None}, "its Index API tells no reasons"

            second = audit.crawl()
            assert (second.code, audit.outcomes(), audit.events()) == (DONE, {"unchanged"}, [])

            code, told = audit.doctor()
            assert code != FINDINGS, told
            assert told["a crawl"]["finding"] == "asks the JSON API: it tells releases"
            assert told["both APIs agree"]["verdict"] == "ok"
            assert re.fullmatch(r"to microseconds, by [\d,]+ times", told["precision"]["finding"])

            before = read(recorded, "ninja")["files"]
            change(recorded, "ninja", yank_and_delete)
            mirror(tmp_path, upstream)
            yanked = next(file["filename"] for file in before if not file["yanked"])
            for each, api in ((audit, "auto"), (by_simple, "simple")):
                assert each.crawl("--whole-index", "--api", api).code == DONE
                assert each.events() == [("vanished", before[-1]["filename"]), ("yanked", yanked)]
            assert (yanked, "it is broken") in audit.files(*reasons)
