"""The SQL that a portable query is written in: what is allowed, by its parsed tree.

Everything that is not listed is refused by name. Left out is what engines read differently, or what sqlglot silently
translates wrongly: for each there is another form with the same meaning in all engines.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from sqlglot import exp, parse
from sqlglot.errors import SqlglotError

from audit.errors import QueryError
from audit.queries.catalog import Query
from audit.queries.formulas import expanded

# The functions below limit how each may be used.
_ALLOWED: Final = (
    *(exp.Select, exp.From, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.With, exp.CTE, exp.Union),
    *(exp.Subquery, exp.Table, exp.TableAlias, exp.Alias, exp.Identifier, exp.Column, exp.Star, exp.Join, exp.Values),
    *(exp.Tuple, exp.Unnest, exp.Literal, exp.Null, exp.Boolean, exp.Placeholder, exp.Cast, exp.DataType),
    *(exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In),
    *(exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Distinct),
    *(exp.Count, exp.Sum, exp.Min, exp.Max, exp.ArgMax, exp.Window, exp.WindowSpec, exp.DenseRank, exp.RowNumber),
    *(exp.DPipe, exp.Lower, exp.Length, exp.Trim, exp.Substring, exp.StrPosition, exp.Split),
    *(exp.RegexpFullMatch, exp.RegexpReplace, exp.TimeToStr, exp.UnixToTime, exp.Year, exp.Month, exp.Anonymous),
)
_TYPES: Final = {
    exp.DType.BIGINT,
    exp.DType.INT,
    exp.DType.DOUBLE,
    exp.DType.TEXT,
    exp.DType.VARCHAR,
    exp.DType.TIMESTAMPTZ,
}
_PREDICATES: Final = (
    *(exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In),
    exp.Boolean,
)
_FLAGS: Final = ("is_", "has_")  # every boolean column of the dataset begins so
EPOCH: Final = "epoch_us"
MONTH: Final = "%Y-%m"
# sqlglot's names, with the words that people write.
_WRITTEN: Final[dict[type[exp.Expr], str]] = {
    exp.Filter: "filter (where ...)",
    exp.IntDiv: "// (engines cut in different ways)",
    exp.Quantile: "a quantile",
    exp.PercentileDisc: "a quantile",
    exp.Avg: "avg (its type is each engine's own)",
    exp.Interval: "interval",
    exp.Like: "like (engines escape in different ways)",
    exp.NullSafeNEQ: "is distinct from",
    exp.NullSafeEQ: "is not distinct from",
    exp.AnyValue: "any_value (any engine gives another)",
    exp.Least: "least (null in some engines, if one is)",
    exp.Greatest: "greatest (null in some engines, if one is)",
    exp.Array: "a list",
    exp.Struct: "a struct",
    exp.Mod: "%",
    exp.Limit: "limit",
    exp.Bracket: "[ ]",
    exp.Explode: "unnest in a list of columns (several would be a cross join)",
}


def parsed(query: Query, views: Mapping[str, Query]) -> exp.Query:
    """The tree of a portable query, with calls of formulas replaced by their expressions.

    ``views`` are those that it may call, each after those that it reads.

    Raises:
        QueryError: it is not portable, cannot be parsed, or uses something outside the subset; names each.
    """
    if not query.header.portable:
        raise QueryError(f"{query.title} is not portable: only DuckDB answers it")
    try:
        trees = parse(expanded(query.body, views), read="duckdb")
    except SqlglotError as error:
        raise QueryError(f"{query.title}: sqlglot cannot parse it: {str(error).splitlines()[0]}") from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise QueryError(f"{query.title}: expected one query")
    for paren in list(trees[0].find_all(exp.Paren)):
        if isinstance(paren.this, exp.Func | exp.Column | exp.Literal) and not isinstance(paren.this, exp.Binary):
            paren.replace(paren.this)  # formulas add them around a call
    if refused := list(dict.fromkeys(refusals(trees[0], frozenset(views)))):
        raise QueryError(f"{query.title} is marked portable, but holds {'; '.join(refused)}")
    return trees[0]


def refusals(tree: exp.Expr, calls: frozenset[str] = frozenset()) -> Iterator[str]:
    """What in ``tree`` is outside the subset, each by its name."""
    for node in tree.walk():
        if not isinstance(node, _ALLOWED):
            yield _WRITTEN.get(type(node), f"{node.key}: {_shown(node)}")
        elif isinstance(node, exp.Anonymous) and node.name.lower() not in calls | {EPOCH}:
            yield f"the function {node.name}"
        elif why := next((why for type_, rule in _RULES if isinstance(node, type_) and (why := rule(node))), None):
            yield f"{why}: {_shown(node)}"


def _shown(node: exp.Expr) -> str:
    text = node.sql(dialect="duckdb")
    return text if len(text) <= 60 else f"{text[:57]}..."


def _division(node: exp.Div) -> str | None:
    divisor = node.expression
    is_guarded = isinstance(divisor, exp.Nullif) and divisor.expression.sql() == "0"
    return None if is_guarded or _is_never_0(divisor) else "a division whose divisor may be 0 (write nullif(..., 0))"


def _is_never_0(divisor: exp.Expr) -> bool:
    """Whether the divisor is a number, or a product of numbers, as in formulas."""
    if isinstance(divisor, exp.Mul):
        return _is_never_0(divisor.this) and _is_never_0(divisor.expression)
    if isinstance(divisor, exp.Paren | exp.Cast):
        return _is_never_0(divisor.this)
    return isinstance(divisor, exp.Literal) and not divisor.is_string and float(divisor.name) != 0


def _join(node: exp.Join) -> str | None:
    on = node.args.get("on")
    if node.args.get("using"):
        return "using (write on)"
    if node.args.get("method") or node.side not in {"", "LEFT"} or node.kind not in {"", "CROSS", "INNER"}:
        return f"a {' '.join(filter(None, [node.text('method'), node.side, node.kind])).lower()} join"
    if node.kind == "CROSS":
        return "a cross join on a condition" if on else None
    equal = on.flatten() if isinstance(on, exp.And) else [on]
    is_equal = all(isinstance(e, exp.EQ) and {type(e.this), type(e.expression)} == {exp.Column} for e in equal)
    return None if is_equal else "a join on more than equal columns (write the rest in where)"


def _unnest(node: exp.Unnest) -> str | None:
    alias = node.args.get("alias")
    is_split = len(node.expressions) == 1 and isinstance(node.expressions[0], exp.Split)
    select = node.find_ancestor(exp.Select)
    is_joined = isinstance(node.parent, exp.Join) and select is not None and len(select.args["joins"]) == 1
    if not is_split or not is_joined or node.args.get("offset"):
        return "unnest other than cross join unnest(string_split(...)) as the only join"
    return None if alias and len(alias.columns) == 1 else "unnest without a name for its column"


def _split(node: exp.Split) -> str | None:
    is_literal = isinstance(node.expression, exp.Literal) and len(node.expression.name) == 1
    is_unnested = isinstance(node.parent, exp.Unnest)
    return None if is_literal and is_unnested else "string_split other than of one character, in unnest"


def _star(node: exp.Star) -> str | None:
    is_changed = any(node.args.get(each) for each in ("except_", "replace", "rename"))
    return "exclude, replace or rename (name the columns)" if is_changed else None


def _cast(node: exp.Cast) -> str | None:
    if type(node) is not exp.Cast:
        return "try_cast"
    if node.to.this not in _TYPES:
        return f"a cast to {node.to.sql(dialect='duckdb').lower()}"
    inner = node.this.unnest()
    is_flag = isinstance(inner, exp.Column) and inner.name.startswith(_FLAGS)
    return "a boolean cast (write case when)" if is_flag or isinstance(inner, _PREDICATES) else None


def _flag(node: exp.Sum | exp.Min | exp.Max) -> str | None:
    inner = node.this.unnest()
    is_flag = isinstance(inner, exp.Column) and inner.name.startswith(_FLAGS)
    is_flag |= isinstance(inner, _PREDICATES)
    return f"{node.key} of a boolean (write case when)" if is_flag else None


def _in(node: exp.In) -> str | None:
    if node.args.get("query") and isinstance(node.parent, exp.Not):
        return "not in (select ...): one null would empty it (write a left join)"
    return "in unnest" if node.args.get("unnest") else None


def _group(node: exp.Group) -> str | None:
    others = [key for key, value in node.args.items() if value and key != "expressions"]
    if others:
        return f"group by {others[0]}"
    return "group by a number" if any(isinstance(each, exp.Literal) for each in node.expressions) else None


def _order(node: exp.Ordered) -> str | None:
    return "order by a number" if isinstance(node.this, exp.Literal) else None


def _select(node: exp.Select) -> str | None:
    """A name that a select both defines and reads: engines disagree whether it means the alias or the column."""
    given = {each.alias for each in node.expressions if isinstance(each, exp.Alias) and not _is_itself(each)}
    places = [*node.expressions, *(node.args.get(part) for part in ("where", "group", "having"))]
    columns = (column for place in places if place for column in place.find_all(exp.Column) if not column.table)
    read = {column.name for column in columns if column.find_ancestor(exp.Select) is node}
    return (
        f"the alias {min(given & read)} read where it is given (write its table before the column)"
        if given & read
        else None
    )


def _is_itself(given: exp.Alias) -> bool:
    return isinstance(given.this, exp.Column) and given.this.name == given.alias


def _inner_select(node: exp.Select) -> str | None:
    """A column of an outer select: not every engine supports that fully."""
    if node.parent_select is None:
        return None
    own = {source.alias_or_name for source in node.find_all(exp.Table, exp.Subquery, exp.Unnest, exp.Values)}
    outer = sorted({column.table for column in node.find_all(exp.Column) if column.table} - own)
    return f"a column of {outer[0]}, around the subquery" if outer else None


def _is_null(node: exp.Is) -> str | None:
    return None if isinstance(node.expression, exp.Null) else "is true, is false (write coalesce)"


def _window(node: exp.Window) -> str | None:
    spec = node.args.get("spec")
    return "exclude in a window" if spec and spec.args.get("exclude") else None


def _regexp(node: exp.RegexpFullMatch | exp.RegexpReplace) -> str | None:
    if not isinstance(node.expression, exp.Literal):
        return "a pattern that is not a literal"
    if isinstance(node, exp.RegexpReplace) and not node.expression.name.startswith("^"):
        return "regexp_replace of other than the beginning (engines replace the first, or all)"
    return "a flag of a regular expression" if node.args.get("modifiers") or node.args.get("options") else None


def _time(node: exp.TimeToStr | exp.Year | exp.Month | exp.UnixToTime) -> str | None:
    inner = node if isinstance(node, exp.UnixToTime) else node.this
    source = inner.this if isinstance(inner, exp.UnixToTime) else None
    is_utc = isinstance(source, exp.Anonymous) and source.name.lower() == EPOCH
    if not is_utc:
        return "a time that depends on a time zone (write make_timestamp(epoch_us(...)))"
    if isinstance(node, exp.UnixToTime) and not isinstance(node.parent, exp.TimeToStr | exp.Year | exp.Month):
        return "make_timestamp other than in year, month or strftime"
    return "strftime other than '%Y-%m'" if isinstance(node, exp.TimeToStr) and node.text("format") != MONTH else None


def _with(node: exp.With) -> str | None:
    return "with recursive" if node.args.get("recursive") else None


def _union(node: exp.Union) -> str | None:
    return "union by name" if node.args.get("by_name") else None


def _distinct(node: exp.Distinct) -> str | None:
    return "distinct on, or of several" if node.args.get("on") or len(node.expressions) > 1 else None


_RULES: Final[tuple[tuple[type[exp.Expr] | tuple[type[exp.Expr], ...], Callable[..., str | None]], ...]] = (
    (exp.Div, _division),
    (exp.Join, _join),
    (exp.Unnest, _unnest),
    (exp.Split, _split),
    (exp.Star, _star),
    (exp.Cast, _cast),
    ((exp.Sum, exp.Min, exp.Max), _flag),
    (exp.In, _in),
    (exp.Group, _group),
    (exp.Ordered, _order),
    (exp.Select, _select),
    (exp.Select, _inner_select),
    (exp.Is, _is_null),
    (exp.Window, _window),
    ((exp.RegexpFullMatch, exp.RegexpReplace), _regexp),
    ((exp.TimeToStr, exp.Year, exp.Month, exp.UnixToTime), _time),
    (exp.With, _with),
    (exp.Union, _union),
    (exp.Distinct, _distinct),
)
