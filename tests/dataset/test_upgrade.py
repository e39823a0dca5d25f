"""Datasets of older schemas, each written again with its history."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from audit.cli.app import app
from audit.dataset.dataset import Dataset
from audit.dataset.schema import CRAWLS, EVENTS, FILES, PROJECTS, RELEASES, SET_ASIDE, SNAPSHOT_TABLES
from audit.dataset.snapshot import find_snapshot, schema_version
from audit.dataset.table import UPGRADABLE, Table
from audit.dataset.upgrade import upgrade
from audit.errors import DatasetError
from tests.dataset_builder import arrow

PAGE = Path(__file__).parent.parent.parent / "docs" / "when-wrong.md"
# What each schema lacked that this one has, by table; None: the table itself.
LACKED: dict[str, Mapping[Table, set[str] | None]] = {}
LACKED["3"] = {
    FILES: {"uploaded_via", "source", "time_precision_us"},
    RELEASES: set(),
    PROJECTS: set(),
    SET_ASIDE: set(),
    EVENTS: {"source"},
    CRAWLS: {"source", "project_count"},
}
LACKED["2"] = {
    **LACKED["3"],
    FILES: {"uploaded_via", "source", "time_precision_us", "declared_kind"},
    RELEASES: {"is_listed"},
    PROJECTS: {"recorded_at", "recorded_from"},
    SET_ASIDE: None,
    CRAWLS: {"source", "project_count", "chosen_by"},
}
LACKED["1"] = {
    **LACKED["2"],
    FILES: {"uploaded_via", "source", "time_precision_us", "declared_kind", "release_number", "file_number"},
    RELEASES: {"is_listed", "release_number"},
}
FIRST, SECOND = "20260101T000000Z", "20260102T000000Z"
ASKED = {"outcome": "unchanged", "body_bytes": 3, "duration_ms": 2, "attempts": 1, "api": "json", "index_url": "i"}


def older(folder: Path, sample: Path, version: str) -> Path:
    """The sample as a program of that schema left it after two crawls; in the second only numpy had changed."""
    snapshot = find_snapshot(sample)
    names = pq.read_table(snapshot / "projects.parquet")["project"].to_pylist()
    bare = dict.fromkeys(CRAWLS.schema.names)
    asked = [{**bare, **ASKED, "crawl_id": SECOND, "project": name, "source": ""} for name in names]
    again = arrow(CRAWLS, [row | {"outcome": "found"} if row["project"] == "numpy" else row for row in asked])
    event = {"crawl_id": SECOND, "project": "numpy", "version": "1.6.0", "filename": "a.zip", "event": "vanished"}
    seen = arrow(EVENTS, [{**dict.fromkeys(EVENTS.schema.names), **event, "is_known_release": True, "source": ""}])
    first = pq.read_table(next((snapshot / "crawls").iterdir()))
    history = {EVENTS: {SECOND: seen}, CRAWLS: {FIRST: renamed(first, FIRST), SECOND: again}}
    tables = {f"{table.name}.parquet": pq.read_table(snapshot / f"{table.name}.parquet") for table in SNAPSHOT_TABLES}
    for table, lacked in LACKED[version].items():
        held = {f"{table.name}.parquet": tables.get(f"{table.name}.parquet")}
        if table in history:
            held = {f"{table.name}/{crawl_id}.parquet": rows for crawl_id, rows in history[table].items()}
        for name, rows in held.items():
            if lacked is not None and rows is not None:
                kept = rows.drop_columns(sorted(lacked))
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                pq.write_table(kept.replace_schema_metadata({"release-audit.schema": version}), folder / name)
    return folder


def renamed(crawls: pa.Table, crawl_id: str) -> pa.Table:
    place = crawls.schema.get_field_index("crawl_id")
    return crawls.set_column(place, crawls.schema.field(place), pa.array([crawl_id] * len(crawls)))


@pytest.mark.parametrize("version", UPGRADABLE)
def test_every_row_is_there_in_this_schema(tmp_path: Path, crawled_sample: Path, version: str) -> None:
    old = older(tmp_path / "old", crawled_sample, version)
    before = {path: path.read_bytes() for path in old.rglob("*.parquet")}
    assert upgrade(old, tmp_path / "new") == version
    assert {path: path.read_bytes() for path in old.rglob("*.parquet")} == before
    with Dataset(tmp_path / "new") as new, Dataset(crawled_sample) as sample:
        assert new.check() == []
        assert new.crawl_ids == [FIRST, SECOND]
        assert new.fingerprint() == sample.fingerprint()
        lacked = LACKED[version]
        for table in (FILES, RELEASES, PROJECTS):
            anew = {"serial", "etag"} if version != "3" and table is PROJECTS else set[str]()
            columns = [
                name for name in table.schema.names if name not in (lacked[table] or set()) - {table.number} | anew
            ]
            ask = f"select {', '.join(columns)} from dataset.{table.name} order by all"
            assert new.sql(ask).arrow() == sample.sql(ask).arrow(), table.name
        assert new.sql("select distinct source, time_precision_us from files").rows() == [
            {"source": "crawl", "time_precision_us": 1}
        ]
        serials = new.sql("select count(serial) as serials from projects").rows()[0]["serials"]
        assert serials == (new.project_count if version == "3" else 0)
        last = new.query("last-crawls").rows()
        assert [(row["asked_count"], row["unchanged_count"], row["found_count"]) for row in last] == [
            (new.project_count, new.project_count - 1, 1),
            (new.project_count, 0, new.project_count),
        ]
        assert last[0]["body_bytes"] == 3 * new.project_count
        assert [row["event"] for row in new.query("changes").rows()] == ["vanished"]


def test_a_dataset_of_an_older_schema_says_what_to_do(tmp_path: Path, crawled_sample: Path) -> None:
    old = older(tmp_path / "old", crawled_sample, "2")
    command = rf"`release-audit dataset upgrade {old} NEW` writes it"
    with pytest.raises(DatasetError, match=rf"schema version 2, not \d+ .*{command}"):
        Dataset(old)
    (old / "generations").mkdir()
    committed = old.rename(tmp_path / "moved") / "generations" / SECOND
    committed.mkdir()
    for path in [path for path in committed.parent.parent.iterdir() if path.name != "generations"]:
        path.rename(committed / path.name)
    (tmp_path / "moved" / "current").symlink_to(f"generations/{SECOND}")
    with pytest.raises(DatasetError, match=command.replace(str(old), str(tmp_path / "moved"))):
        Dataset(tmp_path / "moved")


@pytest.mark.slow
def test_the_recipe_puts_the_new_dataset_in_the_place_of_the_old(tmp_path: Path, crawled_sample: Path) -> None:
    (recipe,) = re.findall(r"(?s)```bash\n(release-audit dataset upgrade .*?)```\n", PAGE.read_text("utf-8"))
    older(tmp_path / "data" / "pypi", crawled_sample, "2")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    subprocess.run(["bash", "-e", "-c", recipe], cwd=tmp_path, env=environment, check=True)
    assert schema_version(tmp_path / "data" / "pypi-old") == "2"
    with Dataset(tmp_path / "data" / "pypi") as new, Dataset(crawled_sample) as sample:
        assert new.query("late-files").rows() == sample.query("late-files").rows()


@pytest.mark.parametrize("is_made", [True, False])
def test_what_is_not_older_is_refused(tmp_path: Path, crawled_sample: Path, is_made: bool) -> None:
    if is_made:
        with pytest.raises(DatasetError, match="holds a dataset already: name a new folder"):
            upgrade(older(tmp_path / "old", crawled_sample, "3"), crawled_sample)
    else:
        with pytest.raises(DatasetError, match=r"has schema version \d+: there is nothing to do"):
            upgrade(crawled_sample, tmp_path / "new")
        assert not (tmp_path / "new").exists()


def test_without_a_history_there_is_nothing_to_keep(tmp_path: Path, crawled_sample: Path) -> None:
    old = older(tmp_path / "old", crawled_sample, "3")
    for path in (old / "crawls").iterdir():
        path.unlink()
    with pytest.raises(DatasetError, match="has no history of crawls"):
        upgrade(old, tmp_path / "new")


def test_the_command_says_what_it_brought_over(tmp_path: Path, crawled_sample: Path) -> None:
    old, new = older(tmp_path / "old", crawled_sample, "1"), tmp_path / "new"
    done = CliRunner().invoke(app, ["dataset", "upgrade", str(old), str(new)])
    assert done.exit_code == 0
    assert f"{new}: 96 projects, 35,996 files and 2 crawls, of schema version 1 before" in done.stderr


def test_a_damaged_file_leaves_nothing_half_written(tmp_path: Path, crawled_sample: Path) -> None:
    old = older(tmp_path / "old", crawled_sample, "3")
    (old / "events" / f"{SECOND}.parquet").write_bytes(b"no Parquet")
    with pytest.raises(DatasetError, match=r"cannot be written to .*: correct that and run again"):
        upgrade(old, tmp_path / "new")
    assert not list((tmp_path / "new" / "generations").iterdir())
