"""How each engine writes what sqlglot does not know or translates wrongly; only this module knows."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from sqlglot import ErrorLevel, exp, parse_one
from sqlglot.errors import SqlglotError

from audit.errors import QueryError, UsageError, hint
from audit.portable.subset import EPOCH


class Dialect(StrEnum):
    """The engines whose SQL is written here."""

    CLICKHOUSE = "clickhouse"
    SPARK = "spark"
    BIGQUERY = "bigquery"


def named_dialect(name: str) -> Dialect:
    """The dialect of a name.

    Raises:
        UsageError: there is none: only engines whose answers are compared with DuckDB's are supported.
    """
    if name not in list(Dialect):
        raise UsageError(f"no dialect {name!r}: {hint(name, map(str, Dialect))}")
    return Dialect(name)


# Tests compare their answers with DuckDB's, row by row; SQL for the others is only parsed, and never run here.
TESTED: Final = (Dialect.CLICKHOUSE, Dialect.SPARK)
# Settings as in the standard: an outer join gives nulls, the minimum of no rows is null, a name means the column.
CLICKHOUSE_SETTINGS: Final = {
    "join_use_nulls": 1,
    "aggregate_functions_null_for_empty": 1,
    "prefer_column_name_to_alias": 1,
}
_WIDTH: Final = 100


def spoken(tree: exp.Query, dialect: Dialect) -> str:
    """A query of the subset as text in ``dialect``; changes ``tree``.

    Raises:
        QueryError: sqlglot cannot write a part of it.
    """
    _unnest(tree, dialect)
    words = _WORDS[dialect]
    for node in reversed(list(tree.walk())):  # inner nodes before outer ones
        said = words.get(type(node), _kept)(node)
        if said is not node:
            node.replace(said)
    if dialect is Dialect.CLICKHOUSE:
        settings = CLICKHOUSE_SETTINGS.items()
        tree.set("settings", [exp.EQ(this=exp.column(name), expression=_number(value)) for name, value in settings])
    try:
        return tree.sql(
            dialect=dialect.value,
            pretty=True,
            normalize_functions=False,
            unsupported_level=ErrorLevel.RAISE,
            max_text_width=_WIDTH,
        )
    except SqlglotError as error:
        raise QueryError(f"{dialect}: {str(error).splitlines()[0]}") from error


_Functions = Mapping[str, Callable[..., exp.Expr]]
# A node of the tree and its parts, which sqlglot does not type.
_Node = Any


def _unnest(tree: exp.Query, dialect: Dialect) -> None:
    """A text split into rows: ClickHouse has its own function for that, and only Spark names the result's column."""
    for unnest in list(tree.find_all(exp.Unnest)):
        alias = unnest.args["alias"]
        select: _Node = unnest.find_ancestor(exp.Select)
        if dialect is Dialect.CLICKHOUSE:
            parts = exp.alias_(_clickhouse_split(unnest.expressions[0]), alias.columns[0])
            select.set("joins", [exp.Join(this=parts, kind="ARRAY")])
        if dialect is not Dialect.SPARK:
            for column in select.find_all(exp.Column):
                column.set("table", None if column.table == alias.name else column.args.get("table"))


def _clickhouse_split(split: exp.Split) -> exp.Expr:
    text = split.this
    parts = _call("splitByChar", split.expression, _call("assumeNotNull", text.copy()))
    return _call("if", exp.Is(this=text, expression=exp.Null()), _call("emptyArrayString"), parts)


def _kept(node: _Node) -> exp.Expr:
    return node  # type: ignore[no-any-return] # see _Node


def _not_materialized(node: _Node) -> exp.Expr:
    node.set("materialized", None)  # a hint for DuckDB
    return _kept(node)


def _named(node: _Node) -> exp.Expr:
    """A column of a select: ClickHouse may make the table a part of its name."""
    is_given = isinstance(node.parent, exp.Select) and node.table and not node.is_star
    return exp.alias_(node.copy(), node.name) if is_given else _kept(node)


def _signed(node: _Node) -> exp.Expr:
    """A count: unsigned in ClickHouse, where signed and unsigned numbers have no type in common."""
    counted = node.this if isinstance(node, exp.Window) else node
    is_counted = isinstance(counted, exp.Count | exp.DenseRank | exp.RowNumber)
    is_within = isinstance(node.parent, exp.Window)
    return _call("toInt64", node.copy()) if is_counted and not is_within else _kept(node)


def _clickhouse_values(node: _Node) -> exp.Expr:
    """Rows of values: sqlglot would write a select for each."""
    names = [column.name for column in node.args["alias"].columns]
    columns = zip(*(row.expressions for row in node.expressions), strict=True)
    types = [f"{name} Nullable({_type_of(column)})" for name, column in zip(names, columns, strict=True)]
    rows = _call("values", _text(", ".join(types)), *node.expressions)
    return exp.Table(this=rows, alias=exp.TableAlias(this=node.args["alias"].this))


def _type_of(column: Sequence[exp.Expr]) -> str:
    first = next(value for value in column if not isinstance(value, exp.Null))
    if isinstance(first, exp.Boolean):
        return "Bool"
    return "String" if isinstance(first, exp.Literal) and first.is_string else "Int64"


def _clickhouse_cast(node: _Node) -> exp.Expr:
    if node.to.this is not exp.DType.TIMESTAMPTZ:
        return _kept(node)
    if isinstance(node.this, exp.Null):  # when parsed, it would have no type that a table can have
        return _call("CAST", node.this, _text("Nullable(DateTime64(6, 'UTC'))"))
    if isinstance(node.this, exp.Column):  # a time already
        return node.this
    return _call("parseDateTime64BestEffort", node.this, _number(6), _text("UTC"))


def _clickhouse_part(function: str) -> Callable[[_Node], exp.Expr]:
    return lambda node: exp.cast(_call(function, _time_of(node), _text("UTC")), exp.DType.BIGINT)


def _clickhouse_year_month(node: _Node) -> exp.Expr:
    return _call("formatDateTime", _time_of(node), _text("%Y-%m"), _text("UTC"))


def _clickhouse_replace(node: _Node) -> exp.Expr:
    return _call("replaceRegexpOne", node.this, _text(f"(?-s:{node.expression.name})"), node.args["replacement"])


def _spark_day(node: _Node) -> exp.Expr:
    """The day of a time, counted from the epoch: functions that show a time use the session's zone."""
    days = exp.Div(this=_call("unix_micros", _time_of(node)), expression=_number(86_400_000_000))
    return _call(
        "date_add", exp.cast(_text("1970-01-01"), exp.DType.DATE), exp.cast(_call("floor", days), exp.DType.INT)
    )


def _spark_part(function: str) -> Callable[[_Node], exp.Expr]:
    return lambda node: exp.cast(_call(function, _spark_day(node)), exp.DType.BIGINT)


def _spark_year_month(node: _Node) -> exp.Expr:
    return _call("date_format", _spark_day(node), _text("yyyy-MM"))


def _bigquery_part(form: str) -> Callable[[_Node], exp.Expr]:
    return lambda node: exp.cast(_call("format_timestamp", _text(form), _time_of(node), _text("UTC")), exp.DType.BIGINT)


def _bigquery_year_month(node: _Node) -> exp.Expr:
    return _call("format_timestamp", _text("%Y-%m"), _time_of(node), _text("UTC"))


def _bigquery_order(node: _Node) -> exp.Expr:
    """BigQuery places nulls in a window in one way only; the keys of a range, where it would matter, are never null."""
    if isinstance(node.find_ancestor(exp.Window, exp.Select), exp.Window):
        node.set("nulls_first", not node.args.get("desc"))
    return _kept(node)


def _replace(node: _Node) -> exp.Expr:
    return _call("regexp_replace", node.this, node.expression, node.args["replacement"])


def _called(words: Mapping[str, Callable[..., exp.Expr]]) -> Callable[[_Node], exp.Expr]:
    """The functions that sqlglot does not know, each in the engine's form."""

    def said(node: _Node) -> exp.Expr:
        word = words.get(node.name.lower())
        return word(*node.expressions) if word else _kept(node)

    return said


def _word(name: str, *more: exp.Expr) -> Callable[..., exp.Expr]:
    """A function with another name, which gets ``more`` after its own arguments."""
    return lambda *given: _call(name, *given, *(each.copy() for each in more))


def _clickhouse_tags(tags: exp.Expr) -> exp.Expr:
    apart = _call("splitByChar", _text("."), tags)
    return _call("arrayStringConcat", _call("arraySort", _call("arrayDistinct", apart)), _text("."))


def _spark_tags(tags: exp.Expr) -> exp.Expr:
    apart = _call("split", tags, _text("[.]"))
    return _call("array_join", _call("array_sort", _call("array_distinct", apart)), _text("."))


def _bigquery_tags(tags: exp.Expr) -> exp.Expr:
    apart = "(select string_agg(tag, '.' order by tag) from (select distinct tag from unnest(split(tags, '.')) as tag))"
    tree = parse_one(apart, read=Dialect.BIGQUERY.value)
    return tree.transform(lambda node: tags if isinstance(node, exp.Column) and node.name == "tags" else node)


def _bigquery_captured(text: exp.Expr, pattern: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=_call("regexp_extract", text, pattern), expressions=[_text("")])


def _match(name: str) -> Callable[[_Node], exp.Expr]:
    return lambda node: _call(name, node.this, _text(rf"\A(?-s:{node.expression.name})\z"))


def _time_of(node: _Node) -> exp.Expr:
    """The TIME in epoch_us(TIME), also inside make_timestamp(epoch_us(TIME))."""
    epoch = node if isinstance(node, exp.Anonymous) else node.this.this
    return epoch.expressions[0]  # type: ignore[no-any-return] # see _Node


def _call(name: str, *arguments: exp.Expr | None) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[each for each in arguments if each is not None])


def _text(value: str) -> exp.Expr:
    return exp.Literal.string(value)


def _number(value: int) -> exp.Expr:
    return exp.Literal.number(value)


# The functions used for public tables, see `audit.portable.sources`, and epoch_us.
_ONE, _WIDE, _ZERO, _UTC = _number(1), _number(20), _text("0"), _text("UTC")
_CLICKHOUSE_FUNCTIONS: Final[_Functions] = {
    EPOCH: _word("toUnixTimestamp64Micro"),
    "replaced": _word("replaceRegexpAll"),
    "captured": _word("regexpExtract", _ONE),
    "sorted_tags": _clickhouse_tags,
    "padded": _word("leftPad", _WIDE, _ZERO),
    "instant_of": _word("toDateTime64", _number(6), _UTC),
}
_SPARK_FUNCTIONS: Final[_Functions] = {
    EPOCH: _word("unix_micros"),
    "replaced": _word("regexp_replace"),
    "captured": _word("regexp_extract", _ONE),
    "sorted_tags": _spark_tags,
    "padded": _word("lpad", _WIDE, _ZERO),
    "instant_of": lambda time: exp.cast(time, exp.DType.TIMESTAMPTZ),
}
_BIGQUERY_FUNCTIONS: Final[_Functions] = {
    EPOCH: _word("unix_micros"),
    "replaced": _word("regexp_replace"),
    "captured": _bigquery_captured,
    "sorted_tags": _bigquery_tags,
    "padded": _word("lpad", _WIDE, _ZERO),
    "instant_of": lambda time: time,
}
# A pattern must match the whole text, and its '.' does not match an end of line, as in DuckDB.
_WORDS: Final[dict[Dialect, dict[type[exp.Expr], Callable[[_Node], exp.Expr]]]] = {
    Dialect.CLICKHOUSE: {
        exp.CTE: _not_materialized,
        exp.Column: _named,
        exp.Count: _signed,
        exp.DenseRank: _signed,
        exp.RowNumber: _signed,
        exp.Window: _signed,
        exp.Values: _clickhouse_values,
        exp.Cast: _clickhouse_cast,
        exp.Length: lambda node: exp.cast(_call("lengthUTF8", node.this), exp.DType.BIGINT),
        exp.Substring: lambda node: _call("substringUTF8", node.this, node.args["start"], node.args.get("length")),
        exp.RegexpFullMatch: _match("match"),
        exp.RegexpReplace: _clickhouse_replace,
        exp.Anonymous: _called(_CLICKHOUSE_FUNCTIONS),
        exp.TimeToStr: _clickhouse_year_month,
        exp.Year: _clickhouse_part("toYear"),
        exp.Month: _clickhouse_part("toMonth"),
    },
    Dialect.SPARK: {
        exp.CTE: _not_materialized,
        exp.RegexpFullMatch: _match("regexp_like"),
        exp.RegexpReplace: _replace,
        exp.Anonymous: _called(_SPARK_FUNCTIONS),
        exp.TimeToStr: _spark_year_month,
        exp.Year: _spark_part("year"),
        exp.Month: _spark_part("month"),
    },
    Dialect.BIGQUERY: {
        exp.CTE: _not_materialized,
        exp.Ordered: _bigquery_order,
        exp.RegexpFullMatch: _match("regexp_contains"),
        exp.RegexpReplace: _replace,
        exp.Anonymous: _called(_BIGQUERY_FUNCTIONS),
        exp.TimeToStr: _bigquery_year_month,
        exp.Year: _bigquery_part("%Y"),
        exp.Month: _bigquery_part("%m"),
    },
}
