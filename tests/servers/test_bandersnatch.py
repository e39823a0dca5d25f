"""bandersnatch: a mirror that has, through both APIs, all that the index has, to the microsecond."""

import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from audit.cli import DONE, FINDINGS
from audit.replay.server import serving
from tests.servers.crawling import Audit, release_audit
from tests.servers.nginx import nginx
from tests.servers.running import run
from tests.servers.upstream import PROJECTS, change, read, record, truth, yank_and_delete

pytestmark = pytest.mark.slow

# Only pages: a crawl asks for no file.
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
keep_index_versions = {kept}
workers = 2
verifiers = 1
storage-backend = filesystem
"""
COLUMNS = ("project", "version", "filename", "kind", "uploaded_at", "size_bytes", "sha256", "requires_python")


def mirror(home: Path, upstream: str, kept: int = 0) -> Path:
    """Brings the mirror up to date; gives the folder to serve. So many versions of each page are ``kept``."""
    configuration, tree = home / "bandersnatch.conf", home / "tree"
    configuration.write_text(_CONFIGURATION.format(tree=tree, master=upstream.removesuffix("/simple/"), kept=kept))
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
            assert "is asked through its JSON API: its documents list the releases" in first.err
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
            assert {reason for _, reason in by_simple.files(*reasons)} == {None}, "its Index API gives no reasons"

            second = audit.crawl()
            assert (second.code, audit.outcomes(), audit.events()) == (DONE, {"unchanged"}, [])

            code, findings = audit.doctor()
            assert code != FINDINGS, findings
            assert findings["a crawl"]["finding"] == "asks the JSON API: its documents list the releases"
            assert findings["both APIs agree"]["verdict"] == "ok"
            assert re.fullmatch(r"to microseconds, by [\d,]+ times", findings["precision"]["finding"])

            before = read(recorded, "ninja")["files"]
            change(recorded, "ninja", yank_and_delete)
            mirror(tmp_path, upstream)
            yanked = next(file["filename"] for file in before if not file["yanked"])
            for each, api in ((audit, "auto"), (by_simple, "simple")):
                assert each.crawl("--whole-index", "--api", api).code == DONE
                assert each.events() == [("vanished", before[-1]["filename"]), ("yanked", yanked)]
            assert (yanked, "it is broken") in audit.files(*reasons)


def test_a_mirror_is_imported_as_a_crawl_has_it(tmp_path: Path, crawled_sample: Path) -> None:
    """Without a server for the mirror: its folder is read, with what it kept."""
    recorded = tmp_path / "recorded"
    record(recorded)
    with serving(recorded) as upstream:
        crawled = Audit(tmp_path / "crawled", upstream)
        crawled.home.mkdir()
        assert crawled.crawl("--whole-index").code == DONE
        tree = mirror(tmp_path, upstream, kept=5).parent
        imported = Audit(tmp_path, upstream)
        words = ("import", "bandersnatch", str(tree), "--dataset", str(imported.dataset))
        first = release_audit(tmp_path, *words)
        assert first.code == DONE, first
        assert f"{len(PROJECTS)} projects asked for, {len(PROJECTS)} reached" in first.out
        _same(imported, crawled)
        assert imported.files(*COLUMNS) == truth(crawled_sample, *COLUMNS)
        assert imported.rows("crawls", "source", "api") == [("bandersnatch", "json")] * len(PROJECTS)

        before = read(recorded, "ninja")["files"]
        yanked = next(file["filename"] for file in before if not file["yanked"])
        change(recorded, "ninja", yank_and_delete)
        mirror(tmp_path, upstream, kept=5)
        change(recorded, "ninja", lambda page: page["files"].append(before[-1]))
        mirror(tmp_path, upstream, kept=5)
        assert crawled.crawl("--whole-index").code == DONE

        second = release_audit(tmp_path, *words)
        assert second.code == DONE, second
        events = ("event", "filename", "source")
        assert imported.rows("events", *events) == [
            ("appeared", before[-1]["filename"], "bandersnatch"),
            ("vanished", before[-1]["filename"], "bandersnatch"),
            ("yanked", yanked, "bandersnatch"),
        ], "the night between, which no crawl saw, is in the pages that were kept"
        _same(imported, crawled)
        assert crawled.events() == [("yanked", yanked)]


def _same(imported: Audit, crawled: Audit) -> None:
    """Checks that an import gives the same as a crawl in every column, except when it was seen and where it is from."""
    for table, apart in (
        ("files.parquet", {"first_seen_at", "source"}),
        ("releases.parquet", {"first_seen_at"}),
        ("set_aside.parquet", {"crawl_id"}),
    ):
        one, other = (pq.read_table(each.dataset / table) for each in (imported, crawled))
        names = [name for name in one.column_names if name not in apart]
        assert one.select(names).equals(other.select(names)), table
