"""Inputs of which one includes another."""

from pathlib import Path

import pytest

from audit.scan.inputs import apart, find, read
from tests.scan.inputs.shown import elsewhere_of, pins_of


def test_an_included_list_counts_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("requirements").mkdir()
    Path("requirements/base.txt").write_text("spam==1.0\n-e ./ham\n", "utf-8")
    Path("requirements/dev.txt").write_text("-r base.txt\n-r ../more.list\neggs==1.0\n", "utf-8")
    Path("more.list").write_text("tea==1.0\n", "utf-8")
    Path(".git").mkdir()
    alone = read("requirements/dev.txt")
    assert [pin.project for pin in alone.pins] == ["spam", "tea", "eggs"]
    assert apart([alone]) == [alone]
    base, dev = apart([read(str(path)) for path in find(Path())] * 2)
    assert (pins_of(base), elsewhere_of(base)) == (["1: spam 1.0 version"], [(2, "ham", "the path ./ham")])
    assert (pins_of(dev), elsewhere_of(dev)) == (["1: tea 1.0 version", "3: eggs 1.0 version"], [])
