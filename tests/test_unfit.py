"""Which columns of an answer become text."""

from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from audit.unfit import is_beyond_python, is_unfit


@pytest.mark.parametrize(
    ("type_", "unfit"),
    [
        *[(name, False) for name in ("bigint", "varchar", "timestamptz", "date", "blob", "hugeint", "decimal(9, 2)")],
        *[(name, True) for name in ("uhugeint", "interval", "time", "timetz", "bit", "bignum", "variant")],
        ("interval[]", True),
        ("bigint[3]", False),
        ("struct(a bigint, b map(varchar, uhugeint[]))", True),
        ("struct(interval bigint)", False),
        ("enum('interval')", False),
    ],
)
def test_a_type_that_loses_something_becomes_text(type_: str, *, unfit: bool) -> None:
    assert is_unfit(duckdb.sqltype(type_)) is unfit


@pytest.mark.parametrize(
    ("values", "type_", "beyond"),
    [
        ([date.min, date.max, None], pa.date32(), False),
        ([-719_163], pa.date32(), True),
        ([2_932_897], pa.date32(), True),
        ([253_402_300_799_999_999, None], pa.timestamp("us", "UTC"), False),
        ([253_402_300_800_000_000], pa.timestamp("us", "UTC"), True),
        ([-62_135_596_801], pa.timestamp("s"), True),
        ([None], pa.timestamp("us"), False),
        ([], pa.date32(), False),
        ([[], [2_932_897]], pa.list_(pa.date32()), True),
        ([{"a": [0]}, {"a": [2_932_897]}], pa.struct([("a", pa.list_(pa.date32()))]), True),
        ([[("a", 0)]], pa.map_(pa.string(), pa.date32()), False),
        ([[("a", 2_932_897)]], pa.map_(pa.string(), pa.date32()), True),
        (["infinity"], pa.string(), False),
    ],
)
def test_a_time_that_python_cannot_hold_is_found_however_deep(values: list[Any], type_: Any, *, beyond: bool) -> None:
    assert is_beyond_python(pa.chunked_array([pa.array([], type_), pa.array(values, type_)])) is beyond
