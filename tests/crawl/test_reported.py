"""What a crawl reports besides its summary: names that no project can have, and a clock that is behind."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from packaging.utils import NormalizedName
from typer.testing import CliRunner

from audit.cli.app import app
from audit.crawl import CrawlRequest, crawl
from audit.crawl.index import resolve_address
from audit.replay.server import serving
from tests.pages import record, spam

START = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    spam(folder, "spam-1.0.tar.gz")
    return folder


def test_a_name_that_is_none_is_counted_and_never_kept(pages: Path, tmp_path: Path) -> None:
    for name in ("a b", "-c", "e\u0301", "z" * 150 + "!"):
        record(pages, name, [], ["1.0"])
    options = ["crawl", "--whole-index", "--api", "simple", "--dataset", str(tmp_path / "data")]
    with serving(pages) as address:
        for _ in range(2):
            result = CliRunner().invoke(app, [*options, "--index-url", address], catch_exceptions=False)
            assert result.exit_code == 0, result.output
            assert "not asked for: 4 names in the index's root that no project can have: '-c', 'a b'" in result.stdout
    assert pq.read_table(tmp_path / "data" / "projects.parquet")["project"].to_pylist() == ["spam"]


@pytest.mark.parametrize(("hours", "warns"), [(-30, True), (0, False), (1, False)])
def test_a_clock_that_is_behind_the_last_crawl_is_reported(
    pages: Path, tmp_path: Path, hours: int, warns: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(pages) as address:
        for at in (START, START + timedelta(hours=hours)):
            request = CrawlRequest(tmp_path / "data", resolve_address(address), [NormalizedName("spam")])
            summary = crawl(request, at)
    messages = [record.getMessage() for record in caplog.records if record.name == "audit.crawl.run"]
    assert bool(messages) == warns
    if warns:
        message = messages[0]
        assert message.startswith("the clock says 20261122T041500Z, which is before the last crawl, 20261123T101500Z: ")
        assert summary.crawl_id == "20261123T101501Z"
        assert "this crawl is 20261123T101501Z" in message
        assert "seen_at" in message
