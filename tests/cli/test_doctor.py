"""``release-audit doctor`` as it is typed."""

import json
from pathlib import Path

import pytest

from audit.replay.server import serving
from tests.cli.programs import invoke
from tests.recorded import SAMPLE


def test_all_three_are_looked_at(sample: str) -> None:
    with serving(SAMPLE) as address:
        told = invoke("doctor", "--dataset", sample, "--index-url", address)
    for about in ("python", "queries", "dataset", "index root", "JSON API"):
        assert about in told
    assert max(map(len, told.splitlines())) <= 80


def test_no_index_is_asked_that_was_not_named(sample: str) -> None:
    told = invoke("doctor", "--dataset", sample)
    assert "dataset" in told
    assert "index root" not in told


@pytest.mark.parametrize(
    ("arguments", "about"),
    [
        (["dataset", "--dataset", "no\x1bwhere"], "dataset"),
        (["index", "--index-url", "http://127.0.0.1:9/simple/"], "index root"),
        (["index", "--index-url", "nonsense"], "index address"),
    ],
)
def test_what_is_wrong_ends_with_1_in_every_format(arguments: list[str], about: str, tmp_path: Path) -> None:
    [row] = json.loads(invoke("doctor", *arguments, "--format", "json", code=1))
    assert (row["verdict"], row["about"]) == ("fail", about)
    table = invoke("doctor", *arguments, code=1)
    assert table.splitlines()[2].startswith("fail ")
    assert "\x1b" not in table
