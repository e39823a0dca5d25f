"""What a portable query may be written in: everything else is refused by name."""

import pytest

from audit.errors import QueryError
from audit.portable.subset import parsed
from audit.queries.catalog import Group, Query, load
from audit.queries.header import parse

VIEWS = load().views
PORTABLE = [query for query in load().group() if query.header.portable and not query.header.is_formula]
HEADER = '/*\nquestion = "q"\ngrain = "g"\norder = "o"\nsource = "s"\ncaveat = "c"\nportable = true\ncolumns = {}\n*/\n'


def query_of(sql: str) -> Query:
    text = HEADER + sql
    return Query("asked", Group.FLAGS, text, parse(text, "asked"), "asked")


@pytest.mark.parametrize("query", PORTABLE, ids=lambda query: query.title)
def test_a_portable_query_keeps_to_the_subset(query: Query) -> None:
    assert parsed(query, VIEWS).selects


@pytest.mark.parametrize("query", PORTABLE, ids=lambda query: query.title)
def test_a_portable_query_reads_portable_views(query: Query) -> None:
    views = load().views
    assert [name for name in query.header.uses if not views[name].header.portable] == []


def test_what_was_promised_is_portable() -> None:
    views = {"first_uploads", "file_lags"}
    flags = {"late_files", "late_releases", "cooldown_gaps"}
    statistics = {"lag_buckets", "policies", "late_by_year", "late_by_month", "late_wheels_by_python", "totals"}
    assert {query.name for query in PORTABLE} >= views | flags | statistics | {"cooldown_gaps_counts"}


def test_another_query_is_refused() -> None:
    with pytest.raises(QueryError, match="who is not portable: only DuckDB answers it"):
        parsed(load().find("who"), VIEWS)


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("select a / b as c from files", "divisor may be 0"),
        ("select a / 0 as c from files", "divisor may be 0"),
        ("select a // 2 as c from files", "//"),
        ("select a % 2 as c from files", "%"),
        ("select unnest([1, 2]) as a, unnest([3, 4]) as b", "unnest"),
        ("select a from files cross join unnest([1, 2]) as t (a)", "unnest"),
        (
            "select a from files join b on b.x = files.x cross join unnest(string_split(files.y, '.')) as t (a)",
            "only join",
        ),
        ("select string_split(a, '.') as b from files", "string_split"),
        ("select * exclude (a) from files", "exclude"),
        ("select * replace (1 as a) from files", "replace"),
        ("select count(*) filter (a > 1) as c from files", "filter (where ...)"),
        ("select quantile_disc(a, 0.5) as c from files", "quantile"),
        ("select median(a) as c from files", "median"),
        ("select avg(a) as c from files", "avg"),
        ("select any_value(a) as c from files", "any_value"),
        ("select a from files group by all", "group by all"),
        ("select a from files group by 1", "group by a number"),
        ("select a from files order by 1", "order by a number"),
        ("select a from files join b using (x)", "using"),
        ("select a from files full join b on b.x = files.x", "full join"),
        ("select a from files semi join b on b.x = files.x", "semi join"),
        ("select a from files join b on b.x > files.x", "more than equal columns"),
        ("select a from files where x not in (select x from b)", "not in (select"),
        ("select a::boolean as b from files", "cast to boolean"),
        ("select a::decimal(18, 3) as b from files", "cast to decimal"),
        ("select (a > 1)::bigint as b from files", "boolean cast"),
        ("select is_yanked::bigint as b from files", "boolean cast"),
        ("select try_cast(a as bigint) as b from files", "try_cast"),
        ("select sum(is_yanked) as b from files", "sum of a boolean"),
        ("select max(a > 1) as b from files", "max of a boolean"),
        ("select year(uploaded_at) as b from files", "time zone"),
        ("select month(uploaded_at) as b from files", "time zone"),
        ("select strftime(uploaded_at, '%Y-%m') as b from files", "time zone"),
        ("select strftime(make_timestamp(epoch_us(uploaded_at)), '%H') as b from files", "strftime other than"),
        ("select make_timestamp(epoch_us(uploaded_at)) as b from files", "make_timestamp"),
        ("select date_trunc('month', uploaded_at) as b from files", "trunc"),
        ("select uploaded_at + interval 1 day as b from files", "interval"),
        ("select a is distinct from b as c from files", "is distinct from"),
        ("select a is true as c from files", "is true"),
        ("select a like 'x%' as c from files", "like"),
        ("select least(a, b) as c from files", "least"),
        ("select [a, b] as c from files", "list"),
        ("select {'a': 1} as c from files", "struct"),
        ("select a from files limit 1", "limit"),
        ("select a from files qualify row_number() over (order by a) = 1", "qualify"),
        ("select a, count(*) as b from files group by a having b > 1", "alias b"),
        ("select a + 1 as b, b + 1 as c from files", "alias b"),
        ("select max(a) as a from files", "alias a"),
        ("select min(a) over (order by b rows unbounded preceding exclude ties) as c from files", "exclude"),
        ("select distinct on (a) a, b from files", "distinct on"),
        ("select (select max(b.x) from b where b.y = files.y) as a from files", "around the subquery"),
        ("with recursive t as (select 1 as n) select n from t", "recursive"),
        ("select 1 as a union by name select 2 as a", "union by name"),
        ("select regexp_replace(a, 'x', '') as b from files", "regexp_replace"),
        ("select regexp_full_match(a, b) as c from files", "not a literal"),
        ("select levenshtein(a, 'b') as c from files", "levenshtein"),
        ("select made_up(a) as c from files", "made_up"),
    ],
)
def test_what_engines_read_in_different_ways_is_refused_by_name(sql: str, named: str) -> None:
    with pytest.raises(QueryError) as caught:
        parsed(query_of(sql), VIEWS)
    assert "asked is marked portable, but holds" in str(caught.value)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    "sql",
    [
        "select a / nullif(b, 0) as c, a / 86400000000 as d from files",
        "select files.a, t.b from files cross join unnest(string_split(files.a, '.')) as t (b)",
        "select max(files.a) as a from files",
        "select a from files where x in (select x from b)",
        "select year(make_timestamp(epoch_us(uploaded_at))) as year from files",
        "select month(make_timestamp(epoch_us(uploaded_at))) as month from files",
    ],
)
def test_what_all_engines_read_alike_is_taken(sql: str) -> None:
    assert parsed(query_of(sql), VIEWS).selects


@pytest.mark.parametrize(
    ("sql", "message"), [("select from where", "cannot parse"), ("select 1 as a; select 2", "one query")]
)
def test_what_is_not_a_query_is_refused(sql: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        parsed(query_of(sql), VIEWS)
