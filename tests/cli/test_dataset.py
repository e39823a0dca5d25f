"""``release-audit dataset`` as it is typed."""

from pathlib import Path

import duckdb
import pytest

from audit.errors import UsageError
from tests.cli.programs import invoke, run_here


def test_a_dataset_is_exported_and_its_size_is_shown(sample: str, tmp_path: Path) -> None:
    target = tmp_path / "file.duckdb"
    ended = run_here("dataset", "export", "--to", "duckdb", str(target), "--dataset", sample)
    assert (ended.returncode, ended.stdout) == (0, "")
    assert ended.stderr == f"release-audit: {target}: {target.stat().st_size:,} bytes\n"
    with duckdb.connect(str(target), read_only=True) as connection:
        assert connection.execute("select count(*) from late_files()").fetchall() == [(1,)]
    with pytest.raises(UsageError, match="--force"):
        invoke("dataset", "export", str(target), "--dataset", sample)
    invoke("dataset", "export", str(target), "--dataset", sample, "--force")


def test_a_command_of_a_group_has_its_settings_too(
    sample: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "release-audit.toml").write_text('dataset = "sample"\n')
    invoke("dataset", "export", "file.duckdb")
    assert (tmp_path / "file.duckdb").is_file()
