"""What SQL is found to only read; the statements themselves are in test_never_writes.py."""

import pytest

from audit.reading import parts_of_explain, refusal, unproved


@pytest.mark.parametrize(
    ("sql", "parts"),
    [
        ("explain select 1", ("explain", " select 1")),
        ("EXPLAIN  ANALYZE select 1", ("EXPLAIN  ANALYZE", " select 1")),
        ("-- a\n/* b */ explain (format json)\nfrom files;", ("explain (format json)", "\nfrom files;")),
        ("explain analyzed", ("explain", " analyzed")),
        ("explain (format 'x') select 1", ("explain", " (format 'x') select 1")),
        ("explained", None),
        ("select 1 -- explain", None),
    ],
)
def test_an_explanation_is_distinguished_from_what_it_explains(sql: str, parts: tuple[str, str] | None) -> None:
    assert parts_of_explain(sql) == parts


@pytest.mark.parametrize(
    ("listed", "why"),
    [
        ([("type", "SELECT_NODE"), ("function", "lower")], None),
        ([("type", "COPY_QUERY_NODE")], "it holds COPY"),
        ([("type", "NEW_NODE")], "it holds NEW"),
        ([("function", "SetSeed")], "setseed changes what later statements mean"),
        ([("error_message", "Only SELECT statements can be serialized to json!")], "it does more than read"),
    ],
)
def test_a_kind_that_is_not_known_to_read_is_refused(listed: list[tuple[str, str]], why: str | None) -> None:
    assert refusal(listed) == why


def test_a_relation_is_known_or_a_macro() -> None:
    listed = [("relation", name) for name in ("Range", "LATE_FILES", "query", "arrow_scan")]
    assert unproved([*listed, ("function", "x")], {"late_files"}) == ["arrow_scan", "query"]
