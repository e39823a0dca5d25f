"""The script that draws charts is bundled once for each version."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import vl_convert

from audit.page.html.vega import vega

SCRIPT = "let \N{SNOWMAN};\n"


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The snippets that were bundled, with an empty cache in ``tmp_path``."""
    snippets = list[str]()

    def bundle(snippet: str, vl_version: str) -> str:
        snippets.append(f"{snippet} {vl_version}")
        return SCRIPT

    monkeypatch.setattr(vl_convert, "javascript_bundle", bundle)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    vega.cache_clear()
    yield snippets
    vega.cache_clear()


def test_a_later_program_reads_what_the_first_bundled(bundled: list[str], tmp_path: Path) -> None:
    assert vega() == SCRIPT
    [kept] = (tmp_path / "cache").rglob("*.*")
    assert kept.read_bytes() == SCRIPT.encode()
    vega.cache_clear()
    assert vega() == SCRIPT
    assert len(bundled) == 1


def test_a_damaged_one_is_bundled_again(bundled: list[str], tmp_path: Path) -> None:
    vega()
    [kept] = (tmp_path / "cache").rglob("*.*")
    kept.write_bytes(b"\xff")
    vega.cache_clear()
    assert vega() == SCRIPT
    assert kept.read_bytes() == SCRIPT.encode()
    assert len(bundled) == 2


def test_it_needs_no_cache(bundled: list[str], tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder would be")
    assert vega() == SCRIPT
    assert len(bundled) == 1
