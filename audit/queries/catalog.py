"""All queries: found as .sql files in a folder for each group; there is no list of them."""

import functools
import graphlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import msgspec

from audit.errors import QueryError, UsageError, hint
from audit.queries.header import Header, Parameter, parse


class Group(StrEnum):
    """What a query is for; the folder of its file."""

    VIEWS = "views"
    FLAGS = "flags"
    STATISTICS = "statistics"
    ASSERTIONS = "assertions"
    RULES = "rules"


_ASKED = {
    Group.VIEWS: "release-audit sql 'from {1}'",
    Group.FLAGS: "release-audit flags {0}",
    Group.STATISTICS: "release-audit stats {0}",
    Group.ASSERTIONS: "release-audit check",
    Group.RULES: "release-audit scan",
}


@dataclass(frozen=True, slots=True)
class Query:
    """One .sql file, named ``stem``. ``name`` is the file's (``late_files``) and no other query's, see `Catalog`."""

    name: str
    group: Group
    sql: str
    header: Header
    stem: str

    @property
    def title(self) -> str:
        """The name as people type it: ``late-files``."""
        return _as_typed(self.name)

    @property
    def body(self) -> str:
        """The SQL without its header."""
        return self.sql.partition("*/")[2]


@dataclass(frozen=True, slots=True)
class QueryFile:
    """The place of the query ``name`` of ``group``: known from the file's name, without reading it."""

    name: str
    group: Group
    path: Path

    @property
    def title(self) -> str:
        """The name as people type it."""
        return _as_typed(self.name)

    @property
    def titles(self) -> frozenset[str]:
        """All names that a command accepts: a statistic that counts the rows of a flag has that flag's name too."""
        return frozenset({self.title, _as_typed(self.path.stem)})

    def read(self) -> Query:
        """The query.

        Raises:
            QueryError: its header does not fit.
        """
        sql = self.path.read_text(encoding="utf-8")
        header = parse(sql, self.path.stem)
        parameters = {name: self._with_choices(name, each) for name, each in header.parameters.items()}
        header = msgspec.structs.replace(header, parameters=parameters)
        return Query(self.name, self.group, sql, header, self.path.stem)

    def _with_choices(self, name: str, parameter: Parameter) -> Parameter:
        """The parameter, with the choices that a view has for its column of this name, if it refers to one."""
        view = parameter.choices_of
        if view is None:
            return parameter
        path = self.path.parents[1] / Group.VIEWS / f"{view}.sql"
        columns = parse(path.read_text(encoding="utf-8"), view).columns if path.exists() else {}
        if name not in columns or not columns[name].choices:
            raise QueryError(f"{self.name}: there is no view {view!r} that has choices for {name!r}")
        return msgspec.structs.replace(parameter, choices=columns[name].choices)


def places(folder: Path) -> dict[str, QueryFile]:
    """The queries below ``folder`` by name; a name is used once, even across groups.

    A statistic may have the file name of a flag, whose rows it counts: then its name is that with ``_counts``.

    Raises:
        QueryError: two queries have one name.
    """
    found: dict[str, QueryFile] = {}
    for group in Group:
        for path in sorted((folder / group).glob("*.sql")):
            flag = found.get(path.stem)
            is_count = group is Group.STATISTICS and flag is not None and flag.group is Group.FLAGS
            name = f"{path.stem}_counts" if is_count else path.stem
            if name in found:
                raise QueryError(f"{name}: both {found[name].group} and {group} have a query of this name")
            found[name] = QueryFile(name, group, path)
    return found


class Catalog:
    """All queries of one folder, by name; ``find`` among the statistics also accepts the file's name."""

    def __init__(self, folder: Path) -> None:
        """Reads every query below ``folder``.

        Raises:
            QueryError: a header does not fit, or two queries have one name.
        """
        self._queries = {name: place.read() for name, place in places(folder).items()}

    def group(self, *groups: Group) -> list[Query]:
        """The queries of these groups (no argument: of all groups), by group and name."""
        return [query for query in self._queries.values() if not groups or query.group in groups]

    @functools.cached_property
    def views(self) -> Mapping[str, Query]:
        """The views by name, each after those that it reads."""
        views = {query.name: query for query in self.group(Group.VIEWS)}
        graph = {name: view.header.uses for name, view in views.items()}
        return {name: views[name] for name in graphlib.TopologicalSorter(graph).static_order()}

    def read_by(self, queries: Iterable[Query], through: Callable[[Query], bool] = lambda _: True) -> set[str]:
        """The names of the views that these queries read, also by the views among them that ``through`` admits."""
        found = set[str]()
        waiting = [name for query in queries for name in query.header.uses]
        while waiting:
            view = self.views[waiting.pop()]
            if view.name not in found:
                found.add(view.name)
                waiting += view.header.uses if through(view) else ()
        return found

    def without(self, *words: str) -> "Catalog":
        """The queries whose SQL names none of these relations or columns, and reads no view that does."""
        left = {name for name, query in self._queries.items() if set(re.findall(r"\w+", query.body)) & {*words}}
        for name, view in self.views.items():
            if not left.isdisjoint(view.header.uses):
                left.add(name)
        return self._of(
            query for query in self.group() if query.name not in left and left.isdisjoint(query.header.uses)
        )

    def only(self, *groups: Group) -> "Catalog":
        """The queries of these groups, and all views."""
        return self._of(self.group(Group.VIEWS, *groups))

    def including_deleted(self) -> "Catalog":
        """The same queries, counting deleted files: a view that names another view for this case reads that one."""
        return self._of(map(_including_deleted, self.group()))

    def counts_deleted(self, query: Query) -> bool:
        """Whether a query, or a view that it reads, names another view for when deleted files count."""
        is_own = query.header.including_deleted is not None
        return is_own or any(self.counts_deleted(self.views[name]) for name in query.header.uses)

    @classmethod
    def _of(cls, queries: Iterable[Query]) -> "Catalog":
        made = cls.__new__(cls)
        made._queries = {query.name: query for query in queries}
        return made

    def find(self, name: str, *groups: Group) -> Query:
        """The query ``name``, written with dashes or underscores, in one of ``groups`` (none: in any, a flag first).

        Raises:
            UsageError: there is none; says which name is close, or which names exist, or which command asks a query of
                another group.
        """
        title = name.replace("_", "-")
        called = title.replace("-", "_")
        found = next((query for query in self.group(*groups) if called in {query.name, query.stem}), None)
        if found is None:
            meant = sorted(query.title for query in self.group(*groups))
            listed = None if groups else "release-audit queries lists them"
            advice = _elsewhere(self._queries[called]) if called in self._queries else hint(title, meant, listed)
            raise UsageError(f"no query {name!r} among {_listed(groups)}: {advice}")
        return found


def _including_deleted(query: Query) -> Query:
    other = query.header.including_deleted
    if other is None:
        return query
    header, end, _ = query.sql.partition("*/")
    columns = ", ".join(query.header.columns)
    sql = f"{header}{end}\nselect {columns}\nfrom {other}\n"
    promise = msgspec.structs.replace(query.header, uses=(other,), portable=False)
    return replace(query, sql=sql, header=promise)


def _elsewhere(query: Query) -> str:
    """Which command asks a query, for a message when another command did not find it."""
    called = f"{query.name}()" if query.header.parameters else query.name
    return f"it is one of the {query.group}, ask it with: {_ASKED[query.group].format(query.title, called)}"


def _listed(groups: tuple[Group, ...]) -> str:
    return " and ".join(f"the {group}" for group in groups) or "the queries"


def _as_typed(name: str) -> str:
    return name.replace("_", "-")


def folder() -> Path:
    """The folder of this program's queries: inside an installed package, else at the top of the checkout."""
    inside = Path(__file__).parent / "sql"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "queries"


@functools.cache
def load() -> Catalog:
    """The queries of this program, read once."""
    return Catalog(folder())
