"""Every query against its header and against given/expected rows; all found from files."""

import json
import math
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audit.dataset.dataset import relations as relations_of
from audit.dataset.engine import Engine, literal
from audit.dataset.schema import TABLES
from audit.errors import QueryError, UsageError
from audit.queries import catalog, run
from audit.queries.catalog import Catalog, Group, Query
from audit.queries.environments.relations import relations
from audit.queries.parameters import complete
from audit.queries.pins import LENT
from audit.queries.run import Relations
from tests import given
from tests.dataset_builder import make_dataset
from tests.recorded import EXPECTED

QUERIES = catalog.load().group()
FORMULAS = {query.name for query in QUERIES if query.header.is_formula}
# What SQL can read beside the views.
RELATIONS = {table.name for table in TABLES} | {*relations(given.ENVIRONMENTS), *LENT}
CASES = [
    pytest.param(query, case, id=f"{query.title}: {case.name}") for query in QUERIES for case in given.cases(query)
]
UNITS = {
    "_us": "microseconds",
    "_days": "days",
    "_bytes": "bytes",
    "_count": "count",
    "_at": "UTC",
    "_share": "share",
}
MINIMAL = '/*\nquestion = "q"\ngrain = "g"\norder = "o"\nsource = "s"\ncaveat = "c"\ncolumns = {}\n*/\nselect 1\n'

each_query = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.title)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with Engine([tmp_path_factory.getbasetemp()]) as opened:
        yield opened


@pytest.fixture(scope="module")
def known(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Relations:
    """All relations, over a dataset that holds nothing."""
    folder = make_dataset(tmp_path_factory.mktemp("empty"))
    made = Relations(engine, relations_of(folder), catalog.load(), lambda: given.ENVIRONMENTS)
    made.define_all()
    made.define_tables(LENT)
    return made


def described(engine: Engine, sql: str, parameters: dict[str, Any]) -> dict[str, str]:
    rows = engine.select(f"describe {sql}", parameters).to_pylist()
    return {row["column_name"]: row["column_type"] for row in rows}


def names_in(engine: Engine, sql: str) -> tuple[set[str], set[str]]:
    """What the statement reads, its own CTEs left out, and the names of these, by its parsed form."""
    read: set[str] = set()
    own: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, list):
            for item in node:
                walk(item)
        elif isinstance(node, dict):
            if node.get("type") == "BASE_TABLE":
                read.add(".".join(filter(None, [node["schema_name"], node["table_name"]])))
            elif node.get("type") == "TABLE_FUNCTION" and node["function"]["function_name"] != "unnest":
                read.add(node["function"]["function_name"])  # a view with parameters
            elif node.get("function_name") in FORMULAS:
                read.add(node["function_name"])
            own.update(entry["key"] for entry in (node.get("cte_map") or {}).get("map", []))
            walk(list(node.values()))

    walk(json.loads(engine.select(f"select json_serialize_sql({literal(sql)}) as tree").to_pylist()[0]["tree"]))
    return read - own, own


@pytest.mark.parametrize(("query", "case"), CASES)
def test_given_rows_answer_expected_rows(query: Query, case: given.Case, tmp_path: Path) -> None:
    answered, expected = given.rows(case, query, tmp_path), given.expected(case, query)
    if case.is_unordered:
        assert query.group is Group.VIEWS
        answered, expected = sorted(answered, key=str), sorted(expected, key=str)
    assert answered == expected


@each_query
def test_every_query_has_a_case_that_finds_rows(query: Query) -> None:
    assert any(case.expected for case in given.cases(query))


@pytest.mark.parametrize("query", catalog.load().group(Group.ASSERTIONS), ids=lambda query: query.title)
def test_every_assertion_has_a_case_that_holds(query: Query) -> None:
    assert any(case.given and not case.expected for case in given.cases(query))


def test_no_given_rows_without_their_query() -> None:
    known = {(query.group.value, query.stem) for query in QUERIES}
    assert {(path.parent.name, path.stem) for path in given.FOLDER.glob("*/*.toml")} == known


@each_query
@pytest.mark.usefixtures("known")
def test_columns_are_as_the_header_says(query: Query, engine: Engine) -> None:
    before = described(engine, f"from dataset.{query.header.extends}", {}) if query.header.extends else {}
    declared = before | {name: column.type for name, column in query.header.columns.items()}
    found = described(engine, query.sql, dict(complete(query, {})))
    assert list(found.items()) == list(declared.items())


@each_query
def test_a_terminal_shows_columns_that_there_are(query: Query) -> None:
    assert set(query.header.shown) <= query.header.columns.keys()
    assert set(query.header.in_table) <= set(query.header.shown or query.header.columns)


@each_query
def test_units_are_as_the_suffix_says(query: Query) -> None:
    units = {name: thing.unit for name, thing in query.header.columns.items()}
    units |= {name: thing.unit for name, thing in query.header.parameters.items()}
    for name, unit in units.items():
        suffix = next((suffix for suffix in UNITS if name.endswith(suffix)), None)
        assert unit == (UNITS[suffix] if suffix else None), name


@pytest.mark.parametrize("query", catalog.load().group(Group.STATISTICS), ids=lambda query: query.title)
def test_a_count_ends_in_count(query: Query) -> None:
    """Where others compare by name, this compares with the reference numbers."""
    known = {name for path in EXPECTED.glob("*.csv") for name in path.read_text("utf-8").partition("\n")[0].split(",")}
    whole = {name for name, column in query.header.columns.items() if column.type in {"BIGINT", "INTEGER"}}
    measured = {name for name in whole if name.endswith((*UNITS, "_number"))} | {"rank"}
    assert whole <= measured | known


@each_query
def test_parameters_are_those_of_the_sql(query: Query, engine: Engine) -> None:
    assert engine.parameters_of(query.sql) == set(query.header.parameters)


@each_query
def test_uses_are_the_views_that_it_reads(query: Query, engine: Engine) -> None:
    tables = RELATIONS | {f"{run.TABLES_SCHEMA}.{table.name}" for table in TABLES}
    read, _ = names_in(engine, query.sql)
    assert set(query.header.uses) == read & set(catalog.load().views)
    assert read <= tables | set(catalog.load().views)


@each_query
def test_no_cte_has_the_name_of_a_relation(query: Query, engine: Engine) -> None:
    _, own = names_in(engine, query.sql)
    assert own.isdisjoint(RELATIONS | {each.name for each in QUERIES})


def test_a_cte_of_a_cte_is_seen(engine: Engine) -> None:
    sql = (
        "with a as (with files as (from events) from files) select * from a join (with b as (from c) from b) using (d)"
    )
    assert names_in(engine, sql) == ({"events", "c"}, {"a", "b", "files"})


@pytest.mark.parametrize("query", [q for q in QUERIES if q.group is not Group.VIEWS], ids=lambda query: query.title)
def test_rows_have_an_order(query: Query) -> None:
    assert re.search(r"\norder by ", query.sql) or query.header.grain == "one row"


@pytest.mark.parametrize("query", catalog.load().group(Group.STATISTICS), ids=lambda query: query.title)
def test_a_share_of_nothing_is_null(query: Query, known: Relations) -> None:
    rows = known.answer(query, {}).to_pylist()
    shares = [value for row in rows for name, value in row.items() if name.endswith("_share")]
    assert set(shares) <= {None}


@pytest.mark.usefixtures("known")
def test_tables_stand_beside_the_view_that_replaces_them(engine: Engine) -> None:
    table, view = (described(engine, f"from {name}", {}) for name in ("dataset.releases", "releases"))
    assert view.keys() - table.keys() == catalog.load().views["releases"].header.columns.keys()


def test_views_are_made_after_those_they_read(tmp_path: Path) -> None:
    views = tmp_path / "views"
    views.mkdir()
    (views / "a.sql").write_text(
        MINIMAL.replace("columns = {}", 'columns = {}\nuses = ["b"]').replace("select 1", "from b")
    )
    (views / "b.sql").write_text(MINIMAL)
    with Engine([tmp_path]) as engine:
        Relations(engine, [], Catalog(tmp_path)).define_all()
        assert engine.select("from a").num_rows == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("select 1", "must start with a block comment"),
        ("/* question = */ select 1", "header does not fit"),
        (MINIMAL.replace("grain", "grein"), "grein"),
        (MINIMAL.replace('"g"', "1"), "grain"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "flags").mkdir()
    (tmp_path / "flags" / "bad.sql").write_text(text)
    with pytest.raises(QueryError, match=f"bad: .*{message}"):
        Catalog(tmp_path)


def test_a_parameter_takes_its_choices_from_a_view(tmp_path: Path) -> None:
    for group in ("views", "flags"):
        (tmp_path / group).mkdir()
    parameters = '[parameters]\nwhy = { type = "VARCHAR", meaning = "m", choices_of = "whys" }\n*/'
    (tmp_path / "flags" / "late.sql").write_text(MINIMAL.replace("*/", parameters))
    for columns in ("columns = {}", 'columns = { why = { type = "VARCHAR", meaning = "m" } }'):
        (tmp_path / "views" / "whys.sql").write_text(MINIMAL.replace("columns = {}", columns))
        with pytest.raises(QueryError, match="late: there is no view 'whys' that has choices for 'why'"):
            Catalog(tmp_path)
    columns = 'columns = { why = { type = "VARCHAR", meaning = "m", choices = ["so", "thus"] } }'
    (tmp_path / "views" / "whys.sql").write_text(MINIMAL.replace("columns = {}", columns))
    found = Catalog(tmp_path)
    assert found.find("late").header.parameters["why"].choices == ("so", "thus")
    assert found.find("whys").header.columns["why"].promise == "m; one of so, thus"


def test_a_name_is_used_once(tmp_path: Path) -> None:
    for group in ("views", "flags"):
        (tmp_path / group).mkdir()
        (tmp_path / group / "same.sql").write_text(MINIMAL)
    with pytest.raises(QueryError, match="both views and flags"):
        Catalog(tmp_path)


def test_a_statistic_that_counts_a_flag_has_its_own_name(tmp_path: Path) -> None:
    for group in ("flags", "statistics"):
        (tmp_path / group).mkdir()
        (tmp_path / group / "same_thing.sql").write_text(MINIMAL)
    found = Catalog(tmp_path)
    flag, statistic = found.group()
    assert (flag.title, statistic.title) == ("same-thing", "same-thing-counts")
    assert found.find("same-thing") == found.find("same-thing", Group.FLAGS) == flag
    assert found.find("same-thing", Group.STATISTICS) == found.find("same_thing_counts") == statistic
    assert found.find("same-thing-counts", Group.STATISTICS) == statistic
    with pytest.raises(UsageError, match="ask it with: release-audit stats same-thing-counts"):
        found.find("same-thing-counts", Group.FLAGS)
    (tmp_path / "statistics" / "same_thing_counts.sql").write_text(MINIMAL)
    with pytest.raises(QueryError, match="same_thing_counts: both statistics and statistics"):
        Catalog(tmp_path)


@pytest.mark.parametrize("name", ["late-files", "late_files"])
def test_names_have_dashes_or_underscores(name: str) -> None:
    assert catalog.load().find(name).name == "late_files"


@pytest.mark.parametrize(
    ("name", "groups", "message"),
    [
        ("late-file", (), "did you mean 'late-files'"),
        (
            "zzz",
            (Group.FLAGS,),
            "among the flags: there are changes, cooldown-gaps, displacing-files, grown-releases, late-by-deleted, ",
        ),
    ],
)
def test_an_unknown_name_says_what_there_is(name: str, groups: tuple[Group, ...], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        catalog.load().find(name, *groups)


@pytest.mark.parametrize(
    ("given_parameters", "message"),
    [
        ({"window_day": 1}, "no parameter 'window_day': did you mean 'window_days'"),
        ({"zzz": 1}, "it takes window_days, project"),
        ({"window_days": "7"}, "window_days = '7' does not fit: expected INTEGER from 1 to 36500"),
        ({"window_days": None}, "window_days = None does not fit: expected INTEGER .*; left out, it is 14"),
        ({"window_days": True}, "window_days = True does not fit"),
        ({"window_days": 0}, "window_days = 0 does not fit"),
        ({"window_days": -1}, "window_days = -1 does not fit"),
        ({"window_days": 36501}, "window_days = 36501 does not fit"),
        ({"project": "a b"}, "project = 'a b' does not fit: expected a project name"),
        ({"project": 1}, "project = 1 does not fit: expected VARCHAR"),
        ({"min_lag_days": math.nan}, "min_lag_days = nan does not fit"),
        ({"min_lag_days": math.inf}, "min_lag_days = inf does not fit"),
        ({"window_days": np.float64(7.5)}, "window_days = .*7.5.* does not fit"),
    ],
)
def test_a_parameter_that_does_not_fit_is_refused(given_parameters: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=f"late-files.*{message}"):
        complete(catalog.load().find("late-files"), given_parameters)


def test_parameters_have_defaults_and_projects_are_normalized() -> None:
    query = catalog.load().find("late-files")
    assert complete(query, {}) == {
        "window_days": 14,
        "project": None,
        "reason": None,
        "since": None,
        "min_lag_days": None,
    }
    assert complete(query, {"project": "Ruamel.YAML"})["project"] == "ruamel-yaml"
    assert complete(query, {"window_days": 36500, "project": None})["window_days"] == 36500


@pytest.mark.parametrize("since", [date(2024, 1, 31), datetime(2024, 1, 31), datetime(2024, 1, 31, tzinfo=UTC)])
def test_a_day_or_time_of_python_is_a_since(since: date) -> None:
    assert complete(catalog.load().find("late-files"), {"since": since})["since"] == "2024-01-31T00:00:00+00:00"


def test_a_whole_number_of_numpy_is_one() -> None:
    given_days = complete(catalog.load().find("late-files"), {"window_days": np.int64(7)})["window_days"]
    assert (given_days, type(given_days)) == (7, int)


@pytest.mark.parametrize("text", ["2026-11-23T00:00:00Z", "2026-11-23T01:00:00+01:00"])
def test_a_time_says_its_zone(text: str) -> None:
    query = catalog.load().find("grown-releases")
    expected = datetime(2026, 11, 23, tzinfo=UTC)
    assert complete(query, {"since_at": text})["since_at"] == expected
    assert complete(query, {"since_at": expected})["since_at"] == expected


@pytest.mark.parametrize("text", ["2026-11-23T00:00:00", "2026-11-23", "20261123", "yesterday"])
def test_a_time_without_a_zone_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=f"since_at = '{text}' does not fit: expected a time with its zone, such as"):
        complete(catalog.load().find("grown-releases"), {"since_at": text})


def test_what_counts_deleted_files_is_what_rests_on_a_first_upload() -> None:
    known = catalog.load()
    counting = {query.name for query in known.group() if known.counts_deleted(query)}
    assert counting >= {
        "first_uploads",
        "file_lags",
        "late_files",
        "late_releases",
        "grown_releases",
        "totals",
        "reasons",
    }
    assert counting.isdisjoint({"visible_first_uploads", "true_first_uploads", "late_by_deleted", "remade_releases"})
    assert "visibility_bias" not in counting


@pytest.mark.parametrize("query", [q for q in QUERIES if q.header.including_deleted], ids=lambda query: query.title)
def test_a_view_that_counts_deleted_files_has_the_columns_of_the_one_it_stands_for(query: Query) -> None:
    known = catalog.load()
    other = known.views[str(query.header.including_deleted)].header.columns
    assert {name: column.type for name, column in query.header.columns.items()}.items() <= {
        name: column.type for name, column in other.items()
    }.items()
    assert not known.including_deleted().views[query.name].header.portable


def test_only_one_view_defines_a_first_upload() -> None:
    """Otherwise an answer with deleted files would have other columns."""
    own = {"visible_first_uploads", "true_first_uploads"}
    asking = [query.name for query in QUERIES if re.search(r"\bmin\((\w+\.)?uploaded_at\)", query.body)]
    assert {*asking} <= own | {"visibility_bias"}, "only visibility_bias knows of a release that is gone as a whole"
