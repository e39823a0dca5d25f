"""What the doctor says of an installation."""

from pathlib import Path

import pytest

from audit.doctor import check_installation, row_of
from audit.doctor.installation import check_extras, check_queries, check_requirements
from audit.queries import catalog

INSTALLED = {"duckdb": "2.0.0", "pandas": "2.2.3", "rich": "15.0.0rc1"}


def test_each_requirement_is_held_against_what_is_installed() -> None:
    wanted = [
        "duckdb>=2.0",
        "pandas>=3.0",
        "rich>=14",
        "polars>=1",
        "colorama; sys_platform == 'nope'",
        "x; extra == 'x'",
    ]
    rows = map(row_of, check_requirements(wanted, INSTALLED.get))
    assert [(row["verdict"], row["about"], row["finding"]) for row in rows] == [
        ("ok", "duckdb", "2.0.0"),
        ("fail", "pandas", "2.2.3 is not a version that fits: pip install 'pandas>=3.0'"),
        ("ok", "rich", "15.0.0rc1"),
        ("fail", "polars", "missing: pip install 'polars>=1'"),
    ]


def test_an_extra_that_is_not_installed_is_no_fault() -> None:
    wanted = ["rich>=14", "altair>=6; extra == 'report'", "jinja2; extra == 'report'", "pandas>=3; extra == 'pandas'"]
    cases = check_extras(wanted, {**INSTALLED, "jinja2": "3"}.get)
    found = {row["about"]: (row["verdict"], row["finding"]) for row in map(row_of, cases)}
    missing = "not installed (altair): pip install 'release-audit[report]' brings it"
    assert found["extra report"] == ("ok", missing)
    assert found["extra pandas"] == ("ok", "installed")


def test_this_installation_is_sound() -> None:
    found = {row["about"]: row["verdict"] for row in map(row_of, check_installation())}
    assert "fail" not in found.values()
    assert found["queries"] == "ok"


@pytest.mark.parametrize(("sql", "finding"), [(None, "holds none"), ("select 1", "block comment")])
def test_queries_that_are_missing_or_damaged(tmp_path: Path, sql: str | None, finding: str) -> None:
    (tmp_path / "flags").mkdir()
    if sql:
        (tmp_path / "flags" / "some.sql").write_text(sql)
    row = row_of(check_queries(tmp_path))
    assert row["verdict"] == "fail"
    assert finding in row["finding"]
    assert row_of(check_queries(catalog.folder()))["verdict"] == "ok"
