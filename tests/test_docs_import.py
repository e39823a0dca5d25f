"""The page on imports: its commands for tables are run as its reader would, on a made export."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import bigquery

PAGE = (Path(__file__).parent.parent / "docs" / "import.md").read_text("utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.mark.slow
def test_every_command_on_tables(tmp_path: Path, crawled_sample: Path) -> None:
    rows = bigquery.sample_rows()
    deleted = [dict(rows[0]) | {"filename": rows[0]["filename"].replace(".tar.gz", ".zip"), "sha256_digest": "0" * 64}]
    bigquery.write(tmp_path / "export" / "000000000000.parquet", rows)
    bigquery.write(tmp_path / "export" / "000000000001.parquet", [*rows[:100], *deleted])
    shutil.copytree(crawled_sample, tmp_path / "data" / "crawled", symlinks=True)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    ended = [
        subprocess.run(
            ["bash", "-e", "-c", block],
            cwd=tmp_path,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        for block in BLOCKS
    ]
    assert [each.returncode for each in ended] == [0] * 4, ended
    assert "35,997 files" in ended[0].stdout
    assert "twine" in ended[1].stdout
    assert "bigquery" in ended[1].stdout
    assert "changes seen: 1 vanished" in ended[2].stdout
    assert "projects with a late file" in ended[2].stdout
    assert " ".join(ended[3].stdout.split()).count("Deleted files known: 1 from bigquery.") == 2
    assert "Deleted files known: 1 from bigquery." in ended[3].stderr


def test_the_export_has_the_columns_of_the_page() -> None:
    [exported] = re.findall(r"select\n(.*?)\n +from", PAGE, re.DOTALL)
    assert re.findall(r"\w+", exported) == [*bigquery.EXPORTED]
