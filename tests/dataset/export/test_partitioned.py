"""A dataset in shards: every row once, a project whole in one shard, and the same answers."""

import hashlib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from audit.dataset.dataset import Dataset
from audit.dataset.engine import Engine
from audit.dataset.export.client import Client
from audit.dataset.export.formats import export
from audit.dataset.schema import HISTORY_TABLES, TABLES
from audit.errors import UsageError
from tests.cli.programs import run_here

SHARDS = 3


@pytest.fixture(scope="module")
def shards(crawled_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parted") / "shards"
    export(crawled_sample, Client.PARQUET_PARTITIONED, folder, shards=SHARDS)
    return folder


def test_every_row_is_in_the_shard_of_its_project(shards: Path, crawled_sample: Path) -> None:
    with Dataset(crawled_sample) as dataset:
        for table in TABLES:
            parts = [pq.ParquetFile(file).read() for file in sorted((shards / table.name).rglob("*.parquet"))]
            assert len(parts) == SHARDS
            whole = dataset.sql(f"select * from dataset.{table.name}").arrow()
            rows = [row for part in parts for row in part.to_pylist()]
            assert sorted(map(str, rows)) == sorted(map(str, whole.to_pylist()))
            for shard, part in enumerate(parts):
                assert part.schema.equals(table.schema)
                names = set(part["project"].to_pylist()) if "project" in table.schema.names else set()
                assert {int(hashlib.md5(n.encode()).hexdigest()[:15], 16) % SHARDS for n in names} <= {shard}


def test_shards_answer_for_themselves_and_counts_are_added(shards: Path, crawled_sample: Path, tmp_path: Path) -> None:
    with Dataset(crawled_sample) as dataset:
        whole = dataset.query("late-releases").rows()
    found = []
    for shard in range(SHARDS):
        folder = tmp_path / str(shard)
        for table in TABLES:
            place = folder / table.name / "part.parquet" if table in HISTORY_TABLES else None
            place = place or folder / f"{table.name}.parquet"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes((shards / table.name / f"shard={shard}" / "part.parquet").read_bytes())
        with Dataset(folder) as dataset:
            found += dataset.query("late-releases").rows()
    assert sorted(map(str, found)) == sorted(map(str, whole))
    assert len(whole) > SHARDS


def test_engines_read_a_table_of_shards_as_one(shards: Path, crawled_sample: Path) -> None:
    with Engine([shards]) as engine:
        counted = "count(*) as file_count, count(distinct shard) as shard_count"
        rows = engine.select(
            f"select {counted} from read_parquet('{shards}/files/*/*.parquet', hive_partitioning := true)"
        )
    with Dataset(crawled_sample) as dataset:
        assert rows.to_pylist() == [{"file_count": dataset.describe().file_count, "shard_count": SHARDS}]


def test_the_same_dataset_gives_the_same_bytes(shards: Path, crawled_sample: Path, tmp_path: Path) -> None:
    export(crawled_sample, Client.PARQUET_PARTITIONED, tmp_path / "again", shards=SHARDS)
    assert (tmp_path / "again" / "SHA256SUMS").read_bytes() == (shards / "SHA256SUMS").read_bytes()


def test_the_command_writes_it_whole_or_not_at_all(
    crawled_sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ["dataset", "export", "--dataset", str(crawled_sample), "--to", "parquet-partitioned"]
    assert run_here(*given, "--shards", "2", "out", cwd=tmp_path).returncode == 0
    assert len([*(tmp_path / "out").rglob("*.parquet")]) == 2 * len(TABLES)
    assert run_here(*given, "out", cwd=tmp_path).returncode == 2
    before = (tmp_path / "out" / "SHA256SUMS").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("audit.dataset.export.partitioned.write_table", full)
    ended = run_here(*given, "--force", "out", cwd=tmp_path)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (3, 1)
    assert (tmp_path / "out" / "SHA256SUMS").read_bytes() == before


@pytest.mark.parametrize(("to", "shards"), [(Client.CSV, 2), (Client.PARQUET_PARTITIONED, 0), (Client.DUCKDB, 1)])
def test_shards_that_do_not_fit_are_refused(to: Client, shards: int, crawled_sample: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--shards"):
        export(crawled_sample, to, tmp_path / "out", shards=shards)
