"""A portable query as one statement: with its views as CTEs, and its parameters as literals."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlglot import exp

from audit.portable.subset import parsed
from audit.queries.catalog import Catalog, Query
from audit.queries.header import Parameter, Value
from audit.queries.run import TABLES_SCHEMA

# A table that the query reads, by its name: where its rows are, or a query for them and the tables that the query
# reads.
Base = Callable[[str], tuple[exp.Query | exp.Table, Collection[str]]]
_TYPES: Final = {
    "INTEGER": exp.DType.BIGINT,
    "DOUBLE": exp.DType.DOUBLE,
    "VARCHAR": exp.DType.TEXT,
    "BOOLEAN": exp.DType.BOOLEAN,
    "TIMESTAMP WITH TIME ZONE": exp.DType.TIMESTAMPTZ,
}


def inlined(query: Query, values: Mapping[str, Value], catalog: Catalog, base: Base) -> exp.Query:
    """The tree of ``query`` with every view that it reads as a CTE, each once, and with no parameter left.

    ``values`` has one for each parameter. ``base`` has the tables.

    Raises:
        QueryError: the query, or a view that it reads, is not portable: says which.
    """
    return _Statement(catalog, base).of(query, values)


def typed(parameter: Parameter, value: Value) -> exp.Expr:
    """A parameter's value as a literal of its type, whatever a text holds."""
    to = _TYPES[parameter.type]
    if isinstance(value, datetime):
        return exp.cast(exp.Literal.string(value.isoformat()), to)
    return exp.cast(exp.convert(value), to)


def _filled(tree: exp.Query, arguments: Mapping[str, exp.Expr]) -> exp.Query:
    """The tree with each parameter replaced, and cast once."""
    for placeholder in list(tree.find_all(exp.Placeholder)):
        meant = arguments[placeholder.name].copy()
        cast: Any = placeholder.parent
        is_twice = isinstance(cast, exp.Cast) and isinstance(meant, exp.Cast) and cast.to == meant.to
        (cast if is_twice else placeholder).replace(meant)
    return tree


class _Statement:
    """The CTEs before a query, collected as they are found: each view once for each set of arguments."""

    def __init__(self, catalog: Catalog, base: Base) -> None:
        self._catalog = catalog
        self._base = base
        self._ctes: list[exp.CTE] = []
        self._names: dict[tuple[str, str], str] = {}  # for a view with these arguments, or for a table
        self._tables: dict[str, exp.Table] = {}

    def of(self, query: Query, values: Mapping[str, Value]) -> exp.Query:
        declared = query.header.parameters
        tree = self._body(query, {name: typed(declared[name], value) for name, value in values.items()}, "")
        if self._ctes:
            tree.set("with_", exp.With(expressions=self._ctes))
        return tree

    def _body(self, query: Query, arguments: Mapping[str, exp.Expr], prefix: str) -> exp.Query:
        """The tree of a query without its CTEs: these are added to the others, named after the query."""
        tree = _filled(parsed(query, self._catalog.views), arguments)
        own: dict[str, str] = {}
        with_ = tree.args.get("with_")
        for cte in with_.expressions if with_ else []:
            self._name_tables(cte.this, own)
            own[cte.alias] = self._free(f"{prefix}{cte.alias}")
            self._add(own[cte.alias], cte.this)
        tree.set("with_", None)
        self._name_tables(tree, own)
        return tree

    def _name_tables(self, tree: exp.Query, own: Mapping[str, str]) -> None:
        """Renames each table in ``tree`` to one of its own CTEs, a view, or a table of the dataset."""
        for table in list(tree.find_all(exp.Table)):
            alias = table.alias or table.name
            if isinstance(table.this, exp.Anonymous):
                meant = self._view(self._catalog.views[table.this.name], table.this.expressions)
                alias = table.alias or table.this.name
            elif table.db != TABLES_SCHEMA and table.name in own:
                meant = exp.to_table(own[table.name])
            elif table.db != TABLES_SCHEMA and table.name in self._catalog.views:
                meant = self._view(self._catalog.views[table.name], [])
            else:
                meant = self._table(table.name)
            table.replace(exp.alias_(meant, alias, table=True) if alias != meant.name else meant)

    def _view(self, view: Query, arguments: list[exp.Expr]) -> exp.Table:
        key = (view.name, "".join(each.sql() for each in arguments))
        if key not in self._names:
            name = self._free(view.name if not self._is_table(view) else f"{view.name}_view")
            self._names[key] = name
            given = dict(zip(view.header.parameters, arguments, strict=True)) if arguments else self._defaults(view)
            self._add(name, self._body(view, given, f"{name}_"))
        return exp.to_table(self._names[key])

    @staticmethod
    def _defaults(view: Query) -> dict[str, exp.Expr]:
        return {name: typed(parameter, parameter.default) for name, parameter in view.header.parameters.items()}

    def _is_table(self, view: Query) -> bool:
        return view.header.extends == view.name

    def _table(self, name: str) -> exp.Table:
        """A table: its place, or the CTE with its rows."""
        if name not in self._tables:
            given, reads = self._base(name)
            if isinstance(given, exp.Query):
                for table in [table for table in given.find_all(exp.Table) if table.name in reads and not table.db]:
                    meant = self._table(table.name)
                    alias = table.alias or table.name
                    table.replace(exp.alias_(meant, alias, table=True) if alias != meant.name else meant)
                own = self._free(name)
                self._add(own, given)
                given = exp.to_table(own)
            self._tables[name] = given
        return self._tables[name].copy()

    def _free(self, name: str) -> str:
        taken = {cte.alias for cte in self._ctes} | set(self._names.values())
        numbers = (f"{name}_{number}" for number in range(2, len(taken) + 3))
        return name if name not in taken else next(each for each in numbers if each not in taken)

    def _add(self, name: str, tree: exp.Query) -> None:
        self._ctes.append(exp.CTE(this=tree, alias=exp.TableAlias(this=exp.to_identifier(name))))
