"""--including-deleted: what counts from the first upload that is known, and what is said of it."""

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import audit
from audit.cli.app import app
from audit.dataset.engine import Engine
from audit.dataset.export.duckdb import temporary_database
from audit.errors import UsageError
from tests.dataset_builder import make_dataset

GONE: dict[str, Any] = {
    "event": "vanished",
    "filename": "gone",
    "uploaded_at": datetime(2024, 1, 1, tzinfo=UTC),
    "source": "bigquery",
    "seen_at": None,
}
KNOWN = "Deleted files known: 1 from bigquery."
NONE = "No deleted file is known: this is the answer without them."


@pytest.fixture
def dataset(tmp_path: Path) -> str:
    """Of spam 1.0 the first file is deleted, and the one that is left came a month later; eggs is whole."""
    files = [
        {"filename": "left", "uploaded_at": datetime(2024, 2, 1, tzinfo=UTC)},
        {"project": "eggs", "filename": "egg", "uploaded_at": datetime(2024, 2, 1, tzinfo=UTC)},
    ]
    return str(make_dataset(tmp_path / "data", files, events=[GONE], crawls=[{}, {"project": "eggs"}]))


@pytest.fixture
def whole(tmp_path: Path) -> str:
    """Nothing is known to be deleted."""
    return str(make_dataset(tmp_path / "whole", [{"filename": "a", "uploaded_at": datetime(2024, 2, 1, tzinfo=UTC)}]))


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False, env={"COLUMNS": "1000"})
    assert result.exit_code == code, result.output
    return result.stdout


def test_a_flag_counts_from_the_deleted_file(dataset: str) -> None:
    asked = ["flags", "late-files", "--dataset", dataset, "--columns", "filename,lag_us"]
    assert run(*asked, "--format", "csv") == "filename,lag_us\n"
    assert run(*asked, "--format", "csv", "--including-deleted") == "filename,lag_us\nleft,2678400000000\n"
    assert KNOWN in run(*asked, "--including-deleted")
    assert "Deleted files" not in run(*asked)


def test_of_one_project_its_own_deleted_files_are_reported(dataset: str) -> None:
    asked = ["flags", "late-files", "--dataset", dataset, "--including-deleted", "--project"]
    assert KNOWN in run(*asked, "spam")
    assert NONE in run(*asked, "eggs")


def test_a_statistic_says_it_once(dataset: str) -> None:
    output = run("stats", "policies", "--dataset", dataset, "--including-deleted", "--limit", "1")
    assert output.count(KNOWN) == 1
    assert "Deleted files are not seen" not in output
    assert "Deleted files are not seen" in run("stats", "policies", "--dataset", dataset, "--limit", "1")


def test_a_report_of_all_statistics_says_it_once(dataset: str) -> None:
    assert run("stats", "all", "--dataset", dataset, "--including-deleted").count(KNOWN) == 1


def test_sql_counts_from_the_deleted_file(dataset: str, caplog: pytest.LogCaptureFixture) -> None:
    asked = ["sql", "--dataset", dataset, "--format", "csv", "select count(*) as late from late_files()"]
    assert run(*asked) == "late\n0\n"
    with caplog.at_level(logging.INFO, "audit"):
        assert run(*asked, "--including-deleted") == "late\n1\n"
    assert KNOWN in caplog.text


def test_where_none_is_known_a_line_says_so(whole: str, caplog: pytest.LogCaptureFixture) -> None:
    asked = ["flags", "late-files", "--dataset", whole]
    assert NONE in run(*asked, "--including-deleted")
    with caplog.at_level(logging.INFO, "audit"):
        assert run(*asked, "--including-deleted", "--format", "csv") == run(*asked, "--format", "csv")
    assert NONE in caplog.text


def test_what_compares_both_is_not_changed_and_says_so(dataset: str, caplog: pytest.LogCaptureFixture) -> None:
    asked = ["stats", "visibility-bias", "--dataset", dataset, "--format", "csv"]
    with caplog.at_level(logging.INFO, "audit"):
        assert run(*asked, "--including-deleted") == run(*asked)
    assert "--including-deleted changes nothing in visibility-bias" in caplog.text


def test_another_engine_knows_no_deleted_files(dataset: str) -> None:
    with pytest.raises(UsageError, match="--including-deleted asks DuckDB"):
        CliRunner().invoke(
            app,
            ["stats", "totals", "--dataset", dataset, "--engine", "spark", "--including-deleted"],
            catch_exceptions=False,
        )
    with pytest.raises(UsageError, match="another engine knows no deleted files"):
        audit.open(dataset, engine="spark", including_deleted=True)  # type: ignore[call-overload]  # what it refuses


def test_a_listing_is_kept_or_replaced(dataset: str) -> None:
    with pytest.raises(UsageError, match="--against-crawl keeps the listing and --list-deleted replaces it: give one"):
        CliRunner().invoke(
            app,
            ["import", "bigquery", "x.parquet", "--dataset", dataset, "--against-crawl", "--list-deleted"],
            catch_exceptions=False,
        )


def test_python_opens_a_dataset_with_deleted_files(dataset: str) -> None:
    with audit.open(dataset, including_deleted=True) as known, audit.open(dataset) as visible:
        assert (len(known.query("late-files")), len(visible.query("late-files"))) == (1, 0)
        header = known.query("late-files").header
        assert header is not None
        assert KNOWN in header.caveat
        assert KNOWN in known.definition("late-files").caveat
        assert KNOWN in known.basis(width=1000)
        assert visible.deleted_note() is None
        assert "true_first_uploads" in known.definition("first-uploads").sql
    with audit.open(dataset, projects=["spam"], including_deleted=True) as part:
        assert len(part.query("late-files")) == 1


def test_a_database_for_another_client_counts_them_too(dataset: str) -> None:
    with (
        temporary_database(Path(dataset), including_deleted=True) as file,
        Engine([file, Path(dataset)], database=file) as engine,
    ):
        assert engine.select("select filename from late_files()").to_pylist() == [{"filename": "left"}]
