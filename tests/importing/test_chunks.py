"""The rows of a table in the order of their projects, also where they cannot be sorted at once."""

from collections.abc import Generator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.dataset.engine import Engine, Parameters
from audit.errors import QueryError
from audit.importing.table.chunks import chunks

NAMES = [f"p{number}" for number in range(8)]


class Refusing(Engine):
    """An engine that has too little memory for the first statements."""

    refused = 0

    def batches(self, sql: str, parameters: Parameters | None, batch_rows: int) -> Generator[pa.RecordBatch]:
        if self.refused:
            self.refused -= 1
            raise QueryError("Out of Memory Error")
        yield from super().batches(sql, parameters, batch_rows)


@pytest.mark.parametrize("refused", [0, 1, 2, 3])
def test_what_is_too_much_at_once_is_sorted_in_halves(refused: int) -> None:
    with Refusing([]) as engine:
        engine.register("source", pa.table({"name": [*reversed(NAMES), *NAMES], "row": list(range(16))}))
        engine.register("numbers", pa.table({"name": NAMES, "number": pa.array(range(8), pa.int32())}))
        engine.refused = refused
        read = pa.concat_tables(chunks(engine, 3))
        assert read["number"].to_pylist() == [number for number in range(8) for _ in range(2)]
        assert sorted(read["row"].to_pylist()) == list(range(16))


def test_one_project_that_is_too_much_is_an_error() -> None:
    with Refusing([]) as engine:
        engine.register("source", pa.table({"name": NAMES}))
        engine.register("numbers", pa.table({"name": NAMES, "number": pa.array(range(8), pa.int32())}))
        engine.refused = 100
        with pytest.raises(QueryError, match="Out of Memory"):
            list(chunks(engine))


def test_more_than_memory_is_sorted_on_disk(tmp_path: Path) -> None:
    numbers = range(400_000)
    rows = pa.table({"name": [f"{number:06}" for number in reversed(numbers)], "text": ["0" * 200] * len(numbers)})
    pq.write_table(rows, tmp_path / "rows.parquet", row_group_size=50_000)
    with Engine([tmp_path], spill=tmp_path / "spill", memory="100MB", keeps_order=False) as engine:
        engine.run(f"create view source as from '{tmp_path / 'rows.parquet'}'")
        named = {"name": [f"{number:06}" for number in numbers], "number": pa.array(numbers, pa.int32())}
        engine.register("numbers", pa.table(named))
        read = pa.chunked_array([chunk["number"].combine_chunks() for chunk in chunks(engine, 50_000)])
    assert read.to_pylist() == list(numbers)
