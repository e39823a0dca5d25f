"""The history of numbers: as each commit kept it, drawn from two nights on."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from audit.dataset.dataset import Dataset
from audit.page import charts
from audit.site.site import write_site
from tests.dataset_builder import make_dataset
from tests.site.reading import Site

NIGHTS = ["20261123T101500Z", "20261124T101500Z", "20261125T101500Z"]


def night(crawl_id: str, value: int | None, number: str = "late-files", **given: object) -> dict[str, Any]:
    seen_at = datetime.strptime(crawl_id, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    fields = {"crawl_id": crawl_id, "seen_at": seen_at, "number": number, "value_count": value, "whole_count": 1000}
    return {**fields, "definition": "select 1", **given}


def written(folder: Path, rows: list[dict[str, Any]]) -> Site:
    with Dataset(make_dataset(folder / "data", [], numbers=rows)) as opened:
        write_site(opened, folder / "out")
    return Site(folder / "out")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The history of three nights; in the second the numbers could not be counted."""
    values = zip(NIGHTS, [10, None, 12], strict=True)
    return written(tmp_path_factory.mktemp("nights"), [night(crawl_id, value) for crawl_id, value in values])


def test_the_pages_of_its_statistic_and_of_all_draw_what_the_nights_kept(site: Site) -> None:
    for name in ("history.html", "statistics/policies.html"):
        text = site.files[name].read_text("utf-8")
        assert text.count('data-chart="night-') == 1, name
        assert "late-files" in site.pages[name].text
    assert 'data-chart="night-' not in site.files["statistics/coverage.html"].read_text("utf-8")
    rows = json.loads(site.files["data/history.json"].read_text())
    assert [(row["crawl_id"], row["value_count"]) for row in rows] == list(
        zip(NIGHTS[::-1], [12, None, 10], strict=True)
    )
    assert site.broken() == []


def test_one_night_is_not_a_line_yet(tmp_path: Path) -> None:
    site = written(tmp_path, [night(NIGHTS[0], 10)])
    assert "the next one begins the lines" in site.pages["history.html"].text
    assert "figure" not in {tag for tag, _ in site.pages["history.html"].tags}


def test_a_night_that_could_not_count_is_not_a_point(site: Site) -> None:
    [figure] = site.files["history.html"].read_text("utf-8").split('id="chart-night-1">')[1:]
    assert [row["value_count"] for row in points(json.loads(figure.partition("</script>")[0]))] == [10, 12]


def points(specification: dict[str, Any]) -> list[dict[str, Any]]:
    [found] = specification["datasets"].values()
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(("whole", "drawn"), [(1000, [0.01, 0.012]), (None, [10, 12])])
def test_a_part_is_drawn_as_a_share_and_another_number_as_it_is(whole: int | None, drawn: list[float]) -> None:
    rows = pa.Table.from_pylist([night(NIGHTS[0], 10, whole_count=whole), night(NIGHTS[1], 12, whole_count=whole)])
    assert [row["drawn"] for row in points(charts.nights(rows).to_dict())] == drawn


def test_a_line_breaks_where_a_number_is_counted_in_another_way() -> None:
    chart = charts.nights(pa.Table.from_pylist([night(NIGHTS[0], 10)])).to_dict()
    assert all(layer["encoding"]["detail"]["field"] == "definition" for layer in chart["layer"])
