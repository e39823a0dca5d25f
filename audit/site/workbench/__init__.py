"""The workbench: SQL over the dataset in the reader's own browser, by DuckDB compiled to WebAssembly.

``npm run build`` makes ``built/`` from ``src/``: `make workbench` runs that, and a wheel contains it.
"""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from audit.answers.text import plain
from audit.dataset.definition import definition_of
from audit.dataset.export.browser import DIGEST, Held, export_browser, offered
from audit.dataset.schema import TABLES
from audit.queries.catalog import Catalog, Group, Query, load
from audit.queries.header import Parameter
from audit.queries.macros import parameters_in_sql
from audit.site.folder import SiteFolder
from audit.site.looks import Looks
from audit.site.page import SitePage

PATH: Final = "workbench.html"
PART: Final = "Workbench"
MISSING: Final = "the site has no workbench: `make workbench` builds it (needs npm), then make the site again"
_HERE: Final = Path(__file__).parent
BUILT: Final = _HERE / "built"
_FOLDER: Final = "workbench"
# The page must be able to compile DuckDB's WebAssembly, and to load its worker and data from the site.
_ALLOWED: Final = {"script-src": "'wasm-unsafe-eval'", "worker-src": "'self'", "connect-src": "'self'"}
# The SQL that a reader sees first.
_FIRST: Final = "late_by_year"
# The environment that runs this program means nothing in a file for others.
_IN_A_FILE: Final = {"this": "today"}


def is_built() -> bool:
    """Whether there is a workbench to publish."""
    return (BUILT / "workbench.js").is_file()


def write(snapshot: Path, folder: SiteFolder, looks: Looks) -> None:
    """Writes the workbench's page, its program, and a database of ``snapshot``, limited in size for a browser.

    Raises:
        OSError: a file cannot be written.
        QueryError: the database cannot be written.
    """
    place = folder.path / _FOLDER
    place.mkdir()
    held = export_browser(snapshot, place / "numbers.duckdb")
    for name in ("duckdb.worker.js", "duckdb.wasm"):
        shutil.copyfile(BUILT / name, place / name)
    script = folder.asset("workbench.js", (BUILT / "workbench.js").read_text("utf-8"))
    style = folder.asset("workbench.css", (_HERE / "workbench.css").read_text("utf-8"))
    folder.write(f"{_FOLDER}/catalog.json", msgspec.json.encode(_catalog(held)))
    description = (
        "Ask the data anything in SQL, only in this browser: forms for each question, an editor, tables and charts."
    )
    page = SitePage(
        PATH,
        "Workbench",
        description,
        PART,
        styles=(style,),
        scripts=(looks.charts[0], script),
        is_module=True,
        allowed=_ALLOWED,
    )
    files = {
        "catalog": f"{_FOLDER}/catalog.json",
        "database": f"{_FOLDER}/numbers.duckdb",
        "worker": f"{_FOLDER}/duckdb.worker.js",
        "wasm": f"{_FOLDER}/duckdb.wasm",
    }
    megabytes = sum((folder.path / name).stat().st_size for name in files.values()) / 1_000_000
    omissions = [plain(str(each)) for each in held.omissions]
    folder.page(page, "workbench.html.j2", folders=(_HERE,), files=files, megabytes=megabytes, omissions=omissions)


def _catalog(held: Held) -> dict[str, Any]:
    """The queries for the forms, and the columns of each relation for the editor."""
    catalog = offered(is_part=held.is_part)
    queries = [query for query in load().group(Group.STATISTICS, Group.FLAGS) if query.name in held.queries]
    return {
        "first": _FIRST,
        "queries": [_form(query, is_fixed=held.is_part and query.group is Group.STATISTICS) for query in queries],
        "relations": {name: list(columns) for name, columns in _relations(catalog)},
    }


def _form(query: Query, *, is_fixed: bool) -> dict[str, Any]:
    """A query's form; if ``is_fixed``, its answer is for the whole dataset, of which the database has only a part."""
    header = query.header
    titles = [] if is_fixed else [*header.parameters]
    spelled = dict(zip(titles, parameters_in_sql(query).items(), strict=False))
    return {
        "name": query.name,
        "title": query.title,
        "group": str(query.group),
        "question": header.question,
        "caveat": header.caveat,
        "parameters": [_field(title, name, parameter) for title, (name, parameter) in spelled.items()],
    }


def _field(title: str, name: str, parameter: Parameter) -> dict[str, Any]:
    default = parameter.default
    value = str(default).lower() if isinstance(default, bool) else default
    return {
        "title": title,
        "name": name,
        "type": parameter.type,
        "unit": parameter.unit,
        "minimum": parameter.minimum,
        "maximum": parameter.maximum,
        "choices": parameter.choices,
        "meaning": parameter.meaning,
        "value": value,
        "shown": _IN_A_FILE.get(str(value), value),
    }


def _relations(catalog: Catalog) -> Iterator[tuple[str, Sequence[str]]]:
    for table in TABLES:
        if table.name not in catalog.views:
            yield table.name, [column.name for column in table.columns if column.name != DIGEST]
    for query in catalog.group(Group.VIEWS, Group.FLAGS, Group.STATISTICS):
        columns = definition_of(query, catalog).columns.arrow()["column"].to_pylist()
        yield query.name, [column for column in columns if column != DIGEST]
