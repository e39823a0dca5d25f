"""What can be lent to queries: its columns are those that the views promise."""

from audit.queries.catalog import load
from audit.queries.pins import LENT

_TYPES = {
    "int64": "BIGINT",
    "string": "VARCHAR",
    "bool": "BOOLEAN",
    "timestamp[us, tz=UTC]": "TIMESTAMP WITH TIME ZONE",
    "list<item: string>": "VARCHAR[]",
    "list<element: string>": "VARCHAR[]",
}


def test_the_facts_of_a_scan_are_the_rows_of_their_view() -> None:
    columns = {name: column.type for name, column in load().views["pinned_files"].header.columns.items()}
    assert {field.name: _TYPES[str(field.type)] for field in LENT["scan_rows"]} == columns
