"""A person's own tables, from files."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.errors import UsageError
from audit.shell import read_table
from tests.cli.programs import run_here
from tests.dataset_builder import make_dataset
from tests.shell.test_dialogue import FILES


def test_every_column_of_csv_is_text(tmp_path: Path) -> None:
    file = tmp_path / "pins.csv"
    file.write_text('\ufeffversion,n,at\n1.10,007,2024-01-01\n2.0,,"a\nb"\n3,"",\n', "utf-8")
    assert read_table(file).to_pylist() == [
        {"version": "1.10", "n": "007", "at": "2024-01-01"},
        {"version": "2.0", "n": None, "at": "a\nb"},
        {"version": "3", "n": "", "at": None},
    ]


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    file = tmp_path / "pins.PARQUET"
    rows = pa.table({"n": [1, None], "version": ["1.10", "2.0"]})
    pq.write_table(rows, file)
    assert read_table(file).equals(rows)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("none.csv", None, "No such file"),
        ("empty.csv", b"", "Empty CSV"),
        ("odd.csv", b"a,b\n1\n", "Expected 2 columns"),
        ("odd.parquet", b"a,b\n1,2\n", "cannot be read as a table"),
        ("latin.csv", b"a\n\xe4\n", "invalid UTF8"),
        ("twice.csv", b"a,A\n1,2\n", "two columns 'a'"),
    ],
)
def test_a_file_that_is_not_a_table_is_refused(tmp_path: Path, name: str, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=message) as caught:
        read_table(tmp_path / name)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_command_line_reads_them(tmp_path: Path) -> None:
    dataset, pins = str(make_dataset(tmp_path / "data", FILES)), tmp_path / "pins.csv"
    pins.write_text("file\nspam-1.0.tar.gz\nham-1.0.zip\n")
    asked = ["sql", "--dataset", dataset, "--format", "csv", "--table", f"pins={pins}"]
    sql = "select file, count(filename) as n from pins left join files on file = filename group by all order by n"
    expected = "file,n\nham-1.0.zip,0\nspam-1.0.tar.gz,1\n"
    assert run_here(*asked, sql).stdout == expected
    assert run_here(*asked, given=f"{sql};").stdout == expected
    assert run_here(*asked, sql, "--output", str(tmp_path / "out.csv")).returncode == 0
    assert (tmp_path / "out.csv").read_text() == expected
    for wrong, message in (
        ("pins", "expected NAME=FILE"),
        (f"pins={pins}", "each name once"),
        (f"files={pins}", "that name has another"),
        (f"a b={pins}", "expected a letter"),
    ):
        ended = run_here(*asked, "--table", wrong, sql)
        assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
        assert message in ended.stderr
