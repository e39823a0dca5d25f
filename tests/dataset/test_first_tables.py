"""The tables of a first commit, in memory: those that a commit writes."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from packaging.utils import NormalizedName

from audit.crawl.given import index_page, tables_of
from audit.crawl.worker import Job, decode_and_stage
from audit.dataset.commit import commit
from audit.dataset.dataset import Dataset
from audit.dataset.schema import TABLES
from audit.dataset.staging import Plan, Staging
from audit.dataset.store import Store
from audit.model import Api, Ask, Fetched, Page, crawl_id_of

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
RECORDED = Path(__file__).parents[2] / "data" / "sample" / "index"
ODD = NormalizedName("odd")
FILES = [{"filename": "odd-1.0.deb", "hashes": {}}, {"filename": "odd-1.0.zip", "hashes": {}, "size": "many"}]
PAGES = {
    ODD: index_page(ODD, ["1.0", "not-a-version"], FILES),
    NormalizedName("broken"): b"{",
    **{
        NormalizedName(path.name.partition(".")[0]): gzip.decompress(path.read_bytes())
        for path in sorted(RECORDED.iterdir())[:25]
    },
}


@pytest.mark.parametrize("pages", [PAGES, {}], ids=["pages", "none"])
def test_they_are_what_a_commit_writes(tmp_path: Path, pages: dict[NormalizedName, bytes]) -> None:
    store, plan = Store(tmp_path / "made"), Plan(crawl_id_of(NOW), Api.SIMPLE.value, "")
    staging = Staging(store.staging)
    with store.locked():
        staging.begin(plan)
        items = [Page(Ask(project), Fetched(200, body)) for project, body in pages.items()]
        decode_and_stage(Job(items, Api.SIMPLE, staging.next_path(0)))
        commit(store, staging, plan)
    held = tables_of(pages, NOW)
    assert set(held) == {table.name for table in TABLES}
    with Dataset(store.folder) as written, Dataset.of_tables(held) as kept:
        for table in TABLES:
            ask = f"from dataset.{table.name} order by all"
            assert kept.sql(ask).arrow() == written.sql(ask).arrow(), table.name
        assert kept.describe() == written.describe()
        assert kept.fingerprint() == written.fingerprint()
        assert kept.crawl_ids == (written.crawl_ids if pages else [])


def test_what_is_held_is_in_the_order_and_types_of_its_schema() -> None:
    held = tables_of(PAGES, NOW)
    for table in TABLES:
        assert held[table.name].schema.equals(table.schema), table.name
        assert held[table.name].num_rows or table.name in {"events", "numbers", "downloads"}
    assert held["files"]["file_number"].to_pylist() == list(range(held["files"].num_rows))
