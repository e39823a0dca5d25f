"""A baseline is what an earlier scan wrote; anything else is refused in one line."""

import json

import pytest

from audit.errors import UsageError
from audit.scan.baseline import read_baseline


def test_the_findings_of_an_earlier_scan() -> None:
    rows = [
        {"rule": "RA001", "project": "spam", "version": "1.0", "filename": "a", "why": "x", "level": "error"},
        {"rule": "RA008", "project": "eggs", "version": None, "filename": None},
        {"rule": None, "project": "ham", "version": "1", "filename": "b"},
    ]
    found = read_baseline(json.dumps({"rows": rows, "summary": {}}).encode(), "old.json")
    assert found == {("RA001", "spam", "1.0", "a"), ("RA008", "eggs", None, None)}


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"rows": [{}]}', b'{"rows": 3}', b"\xff", b"[" * 100_000, b'{"rows": [{"rule": 1}]}'],
)
def test_what_is_not_a_baseline_is_named(content: bytes) -> None:
    with pytest.raises(UsageError, match=r"^the baseline old.json cannot be read .*expected what release-audit scan"):
        read_baseline(content, "old.json")
