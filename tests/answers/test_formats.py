"""Answers as text: exact for machines, inert for any text of strangers, readable in 80 columns."""

import csv as std_csv
import io
import json as std_json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.cells import cell_len

from audit.answers import csv, json, markdown, parquet, table
from audit.answers.format import Format
from audit.answers.render import render
from audit.answers.text import plain
from audit.answers.values import human_lag, percent

NOON = datetime(2024, 1, 2, 12, 0, tzinfo=UTC)
HOSTILE = [
    "\x1b[31mred\x1b[0m",
    "\u202egpj.exe",
    "[red]bold[/red]",
    "[/]",
    ":smile:",
    "<script>alert(1)</script>",
    "=cmd|'/c calc'!A0",
    "a|b`c`",
    "line\nbreak\r\n",
    "x" * 4096,
]
# A character of each kind that can control a terminal, and how it is written instead.
ACTIVE = {
    "\x1b": "\\x1b",
    "\u202e": "\\u202e",
    "\ud800": "\\ud800",
    "\ue000": "\\ue000",
    "\uf8ff": "\\uf8ff",
    "\U000f0000": "\\U000f0000",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def times(*moments: datetime | None) -> pa.Array:
    return pa.array(moments, pa.timestamp("us", tz="UTC"))


ROWS = pa.table(
    {
        "filename": ["a", None],
        "uploaded_at": times(NOON, None),
        "lag_us": pa.array([1_209_600_000_001, None], pa.int64()),
        "is_yanked": [True, None],
        "late_share": [0.25, None],
    }
)
NAMES = pa.table({"name": HOSTILE})


@pytest.mark.parametrize("char", ACTIVE)
def test_a_character_of_each_active_kind_is_written_as_its_escape(char: str) -> None:
    assert plain(f"a{char}\u00e9") == f"a{ACTIVE[char]}\u00e9"


def test_csv_is_exact() -> None:
    assert csv.render(ROWS) == (
        "filename,uploaded_at,lag_us,is_yanked,late_share\na,2024-01-02T12:00:00.000000Z,1209600000001,true,0.25\n,,,,\n"
    )


@pytest.mark.parametrize(
    "start",
    [
        "=",
        "+",
        "-",
        "@",
        "\t",
        "\r",
        "\n",
        " =",
        "\t+",
        "\n=",
        "\u00a0-",
        "\ufeff=",
        "\u200b@",
        "＝",
        "＋",
        "－",
        "＠",
        " ＝",
    ],
)
def test_csv_text_is_no_formula(start: str) -> None:
    cells = pa.table({start + "head": [start + "1", "1" + start], "number": [-1, -2]})
    read = list(std_csv.reader(io.StringIO(csv.render(cells), newline="")))
    assert read == [[f"'{start}head", "number"], [f"'{start}1", "-1"], [f"1{start}", "-2"]]


def test_csv_holds_hostile_text_as_data() -> None:
    read = [row[0] for row in std_csv.reader(io.StringIO(csv.render(NAMES), newline=""))]
    assert [cell.removeprefix("'") for cell in read] == ["name", *HOSTILE]


def test_json_is_exact() -> None:
    assert std_json.loads(json.render(ROWS)) == [
        {
            "filename": "a",
            "uploaded_at": "2024-01-02T12:00:00.000000Z",
            "lag_us": 1_209_600_000_001,
            "is_yanked": True,
            "late_share": 0.25,
        },
        dict.fromkeys(ROWS.column_names),
    ]


def test_json_is_ascii_and_loses_nothing() -> None:
    text = json.render(NAMES)
    assert text.isascii()
    assert "\x1b" not in text
    assert [row["name"] for row in std_json.loads(text)] == HOSTILE


def test_columns_of_one_name_are_all_kept() -> None:
    twice = pa.table([pa.array([1]), pa.array([2])], ["a", "a"])
    assert std_json.loads(json.render(twice)) == [{"a": 1, "a_2": 2}]
    assert pq.read_table(io.BytesIO(parquet.render(twice))).to_pylist() == [{"a": 1, "a_2": 2}]


def test_json_without_rows_and_with_what_json_has_not() -> None:
    assert json.render(ROWS.slice(0, 0)) == "[]\n"
    odd = pa.Table.from_arrays([pa.array([float("nan")]), pa.array([1]), pa.array([2])], names=["a", "b", "b"])
    assert std_json.loads(json.render(odd)) == [{"a": None, "b": 1, "b_2": 2}]


def test_markdown_is_a_github_table() -> None:
    assert markdown.render(ROWS.select(["filename", "lag_us"]), ["a note"]) == (
        "| filename | lag\\_us |\n| --- | ---: |\n| a | 1209600000001 |\n|  |  |\n\na note\n"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", "a\\|b"),
        ("`x`", "\\`x\\`"),
        ("<script>", "&lt;script&gt;"),
        ("&lt;", "&amp;lt;"),
        ("[a](b)", "\\[a\\]\\(b\\)"),
        ("a\nb", "a\\\\nb"),
        ("@team", "@<!-- -->team"),
        ("see https://a www.b", "see https:\\//a www\\.b"),
    ],
)
def test_markdown_shows_markup_as_text(text: str, shown: str) -> None:
    assert markdown.escape(text) == shown


def test_markdown_keeps_a_row_a_line() -> None:
    assert len(markdown.render(NAMES).splitlines()) == 2 + len(HOSTILE)


def test_table_reads_units_for_people() -> None:
    text = table.render(ROWS.slice(0, 1))
    assert text.splitlines()[-1].split() == ["a", "2024-01-02", "12:00Z", "14.0", "d", "true", "25.0%"]


def test_table_folds_hostile_text_and_loses_nothing() -> None:
    text = table.render(NAMES, ["a [note]"])
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text
    assert "\u202e" not in text
    for shown in (
        "\\x1b[31mred",
        "\\u202egpj.exe",
        "[red]bold[/red]",
        ":smile:",
        "<script>",
        "line\\nbreak",
        "[note]",
    ):
        assert shown in text
    assert text.count("x" * 40) >= 4096 // 80
    assert text.count("x") >= 4096


def test_table_keeps_numbers_whole_beside_long_text() -> None:
    cells = pa.table({"name": ["n" * 500], "some_long_count": [1_234_567_890_123], "at": times(NOON)})
    text = table.render(cells)
    assert "1234567890123" in text
    assert max(map(len, text.splitlines())) <= 80
    assert text.count("n" * 10) >= 40


def test_what_would_be_broken_into_short_pieces_is_cut_where_that_is_asked_for() -> None:
    wide = pa.table(
        {f"c{number}": ["word " * 3, "w" * 40, "\N{CJK UNIFIED IDEOGRAPH-5B57}" * 9] for number in range(8)}
    )
    shown = table.render(wide, cut="so shows all", width=80).splitlines()
    assert max(map(cell_len, shown)) <= 80
    assert sum("www" in line for line in shown) == 1
    assert sum(line.count("wwwwwww\N{HORIZONTAL ELLIPSIS}") for line in shown) == 8
    assert shown[-1] == "\N{HORIZONTAL ELLIPSIS} marks text that was cut: so shows all."
    assert sum("www" in line for line in table.render(wide, width=80).splitlines()) > 1, "else nothing is cut"
    few = table.render(wide.select(["c0", "c1"]), cut="so shows all", width=80)
    assert "\N{HORIZONTAL ELLIPSIS}" not in few


def test_many_columns_without_a_row_are_named() -> None:
    wide = pa.table({f"a_column_{number}": pa.array([], pa.int64()) for number in range(20)})
    shown = render(wide, Format.TABLE, width=80)
    assert " ".join(shown.split()).startswith("no row of a column 0, a column 1, ")
    assert max(map(len, shown.splitlines())) <= 80


def test_table_with_many_columns_becomes_blocks() -> None:
    text = table.render(pa.table({f"column_{number}": ["v" * 100] for number in range(20)}))
    assert text.count("column") == 20
    assert text.count("v") == 2000
    assert max(map(len, text.splitlines())) <= 80


def test_one_line_is_between_blocks_and_before_notes() -> None:
    wide = pa.table({f"column_{number}": ["v" * 20] * 2 for number in range(20)})
    lines = table.render(wide, ["a note"]).splitlines()
    assert [number for number, line in enumerate(lines) if not line] == [20, 41]
    assert lines[42:] == ["a note"]


@pytest.mark.parametrize("width", [20, 80, 200])
def test_table_keeps_to_the_width(width: int) -> None:
    assert max(map(len, table.render(NAMES, width=width).splitlines())) <= width


@pytest.mark.parametrize(
    ("microseconds", "text"),
    [
        (155_752_422_771_709, "1802.7 d"),
        (86_400_000_000, "1.0 d"),
        (5_400_000_000, "1.5 h"),
        (90_000_000, "1.5 min"),
        (2_256_093, "2.3 s"),
        (1_000_000, "1 s"),
        (999_999, "0.999999 s"),
        (-172_800_000_000, "-2.0 d"),
        (1, "0.000001 s"),
        (0, "0 s"),
    ],
)
def test_a_lag_reads_in_its_unit(microseconds: int, text: str) -> None:
    assert human_lag(microseconds) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0.0%"),
        (0.25, "25.0%"),
        (1.0, "100.0%"),
        (0.0096, "1.0%"),
        (0.0094, "0.94%"),
        (0.0001, "0.01%"),
        (1 / 17_000_000, "<0.01%"),
    ],
)
def test_a_share_that_is_not_nothing_does_not_read_as_nothing(share: float, text: str) -> None:
    assert percent(share) == text


def test_rows_beyond_the_limit_are_counted_for_people_only() -> None:
    many = pa.table({"n": list(range(1500))})
    for form in (Format.TABLE, Format.MARKDOWN):
        assert "1,490 more" in render(many, form, limit=10)
        assert "more" not in render(many, form)
    assert len(render(many, Format.CSV, limit=10).splitlines()) == 11
    assert len(std_json.loads(render(many, Format.JSON, limit=10))) == 10
