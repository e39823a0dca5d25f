"""How each engine writes what sqlglot does not know, or says wrongly: here, and in no other place."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, Final

from sqlglot import ErrorLevel, exp
from sqlglot.errors import SqlglotError

from audit.errors import QueryError
from audit.portable.subset import EPOCH


class Dialect(StrEnum):
    """The engines whose SQL is written here."""

    CLICKHOUSE = "clickhouse"
    SPARK = "spark"
    BIGQUERY = "bigquery"


# Their answers are held equal to DuckDB's, row by row; what is written for the others is parsed, and run nowhere here.
PROVED: Final = (Dialect.CLICKHOUSE, Dialect.SPARK)
# As the standard has it: a join gives nulls where nothing fits, the least of no row is null, a name means the column.
CLICKHOUSE_SETTINGS: Final = {
    "join_use_nulls": 1,
    "aggregate_functions_null_for_empty": 1,
    "prefer_column_name_to_alias": 1,
}
_SIGNED: Final = "toInt64"
_WIDTH: Final = 100


def spoken(tree: exp.Query, dialect: Dialect) -> str:
    """A query of the subset as text of ``dialect``; ``tree`` is changed by it.

    Raises:
        QueryError: sqlglot has no word for a part of it.
    """
    _unnest(tree, dialect)
    words = _WORDS[dialect]
    changed = tree.transform(lambda node: words.get(type(node), _kept)(node), copy=False)
    if dialect is Dialect.CLICKHOUSE:
        settings = CLICKHOUSE_SETTINGS.items()
        changed.set("settings", [exp.EQ(this=exp.column(name), expression=_number(value)) for name, value in settings])
    try:
        return changed.sql(
            dialect=dialect.value,
            pretty=True,
            normalize_functions=False,
            unsupported_level=ErrorLevel.RAISE,
            max_text_width=_WIDTH,
        )
    except SqlglotError as error:
        raise QueryError(f"{dialect}: {str(error).splitlines()[0]}") from error


# A node of the tree and its parts, which sqlglot does not type.
_Node = Any


def _unnest(tree: exp.Query, dialect: Dialect) -> None:
    """A text that is split into rows: ClickHouse has its own word for that, and only Spark names what comes of it."""
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
    """A column that a select gives: ClickHouse may make its table a part of its name."""
    is_given = isinstance(node.parent, exp.Select) and node.table and not node.is_star
    return exp.alias_(node.copy(), node.name) if is_given else _kept(node)


def _signed(node: _Node) -> exp.Expr:
    """A count: ClickHouse has it without a sign, and such a number has no type in common with one that has."""
    counted = node.this if isinstance(node, exp.Window) else node
    is_counted = isinstance(counted, exp.Count | exp.DenseRank | exp.RowNumber)
    is_done = isinstance(node.parent, exp.Window) or (
        isinstance(node.parent, exp.Anonymous) and node.parent.name == _SIGNED
    )
    return _call(_SIGNED, node.copy()) if is_counted and not is_done else _kept(node)


def _clickhouse_values(node: _Node) -> exp.Expr:
    """Rows: sqlglot would write a select for each."""
    names = [column.name for column in node.args["alias"].columns]
    columns = zip(*(row.expressions for row in node.expressions), strict=True)
    types = [f"{name} Nullable({_type_of(column)})" for name, column in zip(names, columns, strict=True)]
    rows = _call("values", _text(", ".join(types)), *node.expressions)
    return exp.Table(this=rows, alias=exp.TableAlias(this=node.args["alias"].this))


def _type_of(column: Sequence[exp.Expr]) -> str:
    told = next(value for value in column if not isinstance(value, exp.Null))
    if isinstance(told, exp.Boolean):
        return "Bool"
    return "String" if isinstance(told, exp.Literal) and told.is_string else "Int64"


def _clickhouse_cast(node: _Node) -> exp.Expr:
    is_time = node.to.this is exp.DType.TIMESTAMPTZ
    return _call("parseDateTime64BestEffort", node.this, _number(6), _text("UTC")) if is_time else _kept(node)


def _clickhouse_year(node: _Node) -> exp.Expr:
    return exp.cast(_call("toYear", _time_of(node), _text("UTC")), exp.DType.BIGINT)


def _clickhouse_month(node: _Node) -> exp.Expr:
    return _call("formatDateTime", _time_of(node), _text("%Y-%m"), _text("UTC"))


def _clickhouse_replace(node: _Node) -> exp.Expr:
    return _call("replaceRegexpOne", node.this, _text(f"(?-s:{node.expression.name})"), node.args["replacement"])


def _spark_day(node: _Node) -> exp.Expr:
    """The day of a time, counted from the epoch: what shows a time itself goes by the zone of the session."""
    days = exp.Div(this=_call("unix_micros", _time_of(node)), expression=_number(86_400_000_000))
    return _call(
        "date_add", exp.cast(_text("1970-01-01"), exp.DType.DATE), exp.cast(_call("floor", days), exp.DType.INT)
    )


def _spark_year(node: _Node) -> exp.Expr:
    return exp.cast(_call("year", _spark_day(node)), exp.DType.BIGINT)


def _spark_month(node: _Node) -> exp.Expr:
    return _call("date_format", _spark_day(node), _text("yyyy-MM"))


def _bigquery_year(node: _Node) -> exp.Expr:
    return exp.cast(_call("format_timestamp", _text("%Y"), _time_of(node), _text("UTC")), exp.DType.BIGINT)


def _bigquery_month(node: _Node) -> exp.Expr:
    return _call("format_timestamp", _text("%Y-%m"), _time_of(node), _text("UTC"))


def _bigquery_order(node: _Node) -> exp.Expr:
    """BigQuery places nulls in a window in one way only; the keys of a range, where it would matter, are never null."""
    if isinstance(node.find_ancestor(exp.Window, exp.Select), exp.Window):
        node.set("nulls_first", not node.args.get("desc"))
    return _kept(node)


def _replace(node: _Node) -> exp.Expr:
    return _call("regexp_replace", node.this, node.expression, node.args["replacement"])


def _epoch(name: str) -> Callable[[_Node], exp.Expr]:
    return lambda node: _call(name, _time_of(node)) if node.name.lower() == EPOCH else _kept(node)


def _match(name: str) -> Callable[[_Node], exp.Expr]:
    return lambda node: _call(name, node.this, _text(rf"\A(?-s:{node.expression.name})\z"))


def _time_of(node: _Node) -> exp.Expr:
    """The time in epoch_us(TIME), and in what is made of make_timestamp(epoch_us(TIME))."""
    epoch = node if isinstance(node, exp.Anonymous) else node.this.this
    return epoch.expressions[0]  # type: ignore[no-any-return] # see _Node


def _call(name: str, *arguments: exp.Expr | None) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[each for each in arguments if each is not None])


def _text(value: str) -> exp.Expr:
    return exp.Literal.string(value)


def _number(value: int) -> exp.Expr:
    return exp.Literal.number(value)


# A pattern must match all of a text, and its '.' is no end of a line, as for DuckDB.
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
        exp.Anonymous: _epoch("toUnixTimestamp64Micro"),
        exp.TimeToStr: _clickhouse_month,
        exp.Year: _clickhouse_year,
    },
    Dialect.SPARK: {
        exp.CTE: _not_materialized,
        exp.RegexpFullMatch: _match("regexp_like"),
        exp.RegexpReplace: _replace,
        exp.Anonymous: _epoch("unix_micros"),
        exp.TimeToStr: _spark_month,
        exp.Year: _spark_year,
    },
    Dialect.BIGQUERY: {
        exp.CTE: _not_materialized,
        exp.Ordered: _bigquery_order,
        exp.RegexpFullMatch: _match("regexp_contains"),
        exp.RegexpReplace: _replace,
        exp.Anonymous: _epoch("unix_micros"),
        exp.TimeToStr: _bigquery_month,
        exp.Year: _bigquery_year,
    },
}
