"""The mark of a dataset, and what is none."""

import json
from pathlib import Path

import pytest

from audit.dataset.mark import mark_of, read_mark, write_mark
from audit.errors import DatasetError


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert read_mark(tmp_path / "missing") is None
    assert read_mark(tmp_path) is None
    for mark in (mark_of(), mark_of(index_url="https://packages.example.org/simple/", api="simple")):
        write_mark(tmp_path, mark)
        assert read_mark(tmp_path) == mark
    assert [path.name for path in tmp_path.iterdir()] == ["dataset.json"]
    assert json.loads((tmp_path / "dataset.json").read_text()) == {
        "format": "release-audit dataset",
        "index_url": "https://packages.example.org/simple/",
        "api": "simple",
    }


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"format": "another"}', '{"format": "release-audit dataset", "api": "xmlrpc"}', '"\udce9"'],
)
def test_what_is_no_mark_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "dataset.json").write_text(text, "utf-8", "surrogateescape")
    with pytest.raises(DatasetError, match=r"dataset\.json is not the mark of a dataset .*choose another --dataset"):
        read_mark(tmp_path)


def test_a_link_is_no_mark(tmp_path: Path) -> None:
    write_mark(tmp_path, mark_of())
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "dataset.json").symlink_to(tmp_path / "dataset.json")
    with pytest.raises(DatasetError, match="not the mark"):
        read_mark(tmp_path / "other")
