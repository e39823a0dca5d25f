"""Relations whose rows a caller lends to the queries of a catalog."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from audit.dataset.dataset import Dataset, relations
from audit.dataset.engine import Engine
from audit.errors import UsageError
from audit.queries.catalog import Catalog
from audit.queries.pins import PINS
from audit.queries.run import Relations
from tests.dataset_builder import make_dataset
from tests.queries.catalogs import catalog_of


def pins(*projects: str) -> pa.Table:
    return pa.Table.from_pylist([{"project": project, "versions": ["2.0", "1.0"]} for project in projects], PINS)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """A shared view of what is pinned, a view over that, and a flag that reads both."""
    queries = {
        "views/pinned": ("is_shared = true", "-- not from projects\nselect project, random() as drawn from scan_pins"),
        "views/held": ('uses = ["pinned"]', "from pinned semi join files using (project)"),
        "flags/pin_files": ('uses = ["held"]', "select project, drawn from held order by project"),
    }
    return catalog_of(tmp_path / "queries", queries)


def test_queries_read_what_is_lent(catalog: Catalog, tmp_path: Path) -> None:
    folder = make_dataset(tmp_path / "data", [{"project": "spam"}, {"project": "eggs"}])
    query = catalog.find("pin-files")

    def asked() -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = known.answer(query, {}).to_pylist()
        return rows

    with Engine([folder]) as engine:
        known = Relations(engine, relations(folder), catalog)
        assert asked() == [], "nothing was lent yet"
        known.lend("scan_pins", pins("spam", "eggs", "ham"))
        found = asked()
        assert [row["project"] for row in found] == ["eggs", "spam"]
        assert asked() == found, "what is shared is computed once"
        known.lend("projects", pa.table({"project": ["spam"]}))
        assert asked() == found, "what a comment names is not read"
        known.lend("scan_pins", pins("ham", "spam"))
        assert [row["project"] for row in asked()] == ["spam"]


def test_a_dataset_is_lent_only_rows_of_the_schema(tmp_path: Path) -> None:
    with Dataset(make_dataset(tmp_path), projects=["spam"]) as opened:
        assert opened.sql("from scan_pins").arrow().schema.equals(PINS)
        opened.lend("scan_pins", pins("spam"))
        assert (
            opened.sql("select project, versions from scan_pins").rows()
            == pins("spam").select(["project", "versions"]).to_pylist()
        )
        with pytest.raises(UsageError, match="the relation 'pins' cannot be lent"):
            opened.lend("pins", pins())
        with pytest.raises(UsageError, match="do not have its schema"):
            opened.lend("scan_pins", pins().select(["project"]))
        with pytest.raises(UsageError, match="that name has another"):
            opened.sql("from files", tables={"scan_pins": pins()})
