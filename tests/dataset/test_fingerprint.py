"""Lines are digested in the order of their places, however they lie."""

import hashlib
from collections.abc import Generator, Mapping, Sequence
from itertools import permutations

import pyarrow as pa
import pytest

from audit.dataset.engine import Engine
from audit.dataset.fingerprint import LINES, fingerprint

ROWS = [(True, 1, "r1"), (True, 3, "r3"), (False, 1, "f1"), (False, 5, "f5")]
EXPECTED = hashlib.sha256(b"r1\nr3\nf1\nf5\n").hexdigest()


@pytest.mark.parametrize(("batch_rows", "lines_of_part"), [(1, 100), (2, 1), (100, 2)])
def test_any_order_gives_the_same(batch_rows: int, lines_of_part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.dataset.fingerprint._LINES_AT_ONCE", batch_rows)
    monkeypatch.setattr("audit.dataset.fingerprint._LINES_OF_PART", lines_of_part)
    with Engine([]) as engine:
        for rows in permutations(ROWS):
            engine.register("fingerprint_lines", _table(rows))
            assert fingerprint(engine.batches) == EXPECTED


def test_lines_in_order_are_read_once() -> None:
    asked = list[str]()
    with Engine([]) as engine:
        engine.register("fingerprint_lines", _table(ROWS))

        def ask(sql: str, parameters: Mapping[str, object] | None, rows: int) -> Generator[pa.RecordBatch]:
            asked.append(sql)
            return engine.batches(sql, parameters, rows)

        assert fingerprint(ask) == EXPECTED
    assert asked == [LINES]


def _table(rows: Sequence[tuple[bool, int, str]]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(("is_release", "place", "line"), row, strict=True)) for row in rows])
