"""A dataset as a folder of CSV files, one for each table: exact, and safe to open in a spreadsheet."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from audit.answers import csv
from audit.dataset.export.tables import exported_tables, reading, rows
from audit.disk.sync import sync_file


def write(snapshot: Path, folder: Path) -> Sequence[str]:
    """Fills ``folder`` with NAME.csv for each table; cells as in `audit.answers.csv`. Nothing is left out.

    Raises:
        OSError: it cannot be written.
        QueryError: DuckDB cannot read a file of the dataset.
    """
    with reading(snapshot, folder.parent) as engine:
        for table in exported_tables():
            file = folder / f"{table.name}.csv"
            with rows(engine, table) as reader, file.open("w", encoding="utf-8", newline="") as opened:
                opened.write(csv.render(reader.schema.empty_table()))
                for batch in reader:
                    opened.write(csv.render(pa.Table.from_batches([batch]), has_header=False))
            sync_file(file)
    return ()
