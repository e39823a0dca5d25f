"""Small catalogs of a test's own queries."""

from collections.abc import Mapping
from pathlib import Path

from audit.queries.catalog import Catalog

_QUERY = '/*\nquestion = "q"\ngrain = "g"\norder = "o"\nsource = "s"\ncaveat = "c"\ncolumns = {{}}\n{}\n*/\n{}\n'


def catalog_of(folder: Path, queries: Mapping[str, tuple[str, str]]) -> Catalog:
    """A catalog, written into ``folder``: by group and name, what a header says beside the least, and the SQL."""
    for name, (header, sql) in queries.items():
        path = folder / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_QUERY.format(header, sql))
    return Catalog(folder)
