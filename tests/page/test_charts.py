"""Charts: an answer in any of its forms in, the same specification out."""

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import pytest

from audit.dataset.answer import Answer
from audit.dataset.dataset import Dataset
from audit.errors import UsageError
from audit.page import charts
from tests.hostile import FIRST, hostile_dataset

Draw = Callable[[Any], alt.LayerChart | alt.ConcatChart]
DRAWN: dict[str, Draw] = {
    "policies": charts.policies,
    "lag-buckets": charts.lags,
    "late-by-month": charts.months,
    "reasons-by-year": charts.reasons,
    "late-wheels-by-python": charts.pythons,
    "displacement": charts.displacement,
    "timeline": charts.timeline,
}
each = pytest.mark.parametrize(("query", "draw"), DRAWN.items(), ids=list(DRAWN))


@functools.cache  # several tests draw each answer
def asked(dataset: Path, query: str) -> Answer:
    with Dataset(dataset) as opened:
        return opened.query(query, **({"project": "ninja"} if query == "timeline" else {}))


def specified(chart: alt.LayerChart | alt.ConcatChart) -> str:
    return json.dumps(chart.to_dict())


@pytest.mark.slow
@each
def test_an_answer_and_its_frames_draw_the_same_twice(crawled_sample: Path, query: str, draw: Draw) -> None:
    answer = asked(crawled_sample, query)
    drawn = specified(draw(answer))
    assert specified(draw(answer.arrow())) == drawn
    assert specified(draw(answer.pl())) == drawn
    assert specified(draw(answer.df())) == drawn


@each
def test_every_chart_can_be_drawn_without_a_browser(
    crawled_sample: Path, query: str, draw: Draw, tmp_path: Path
) -> None:
    draw(asked(crawled_sample, query)).save(tmp_path / "chart.svg")
    svg = (tmp_path / "chart.svg").read_text("utf-8")
    assert svg.startswith("<svg")
    assert svg.count("mark-") > 3


@each
def test_the_answer_of_another_query_is_refused(crawled_sample: Path, query: str, draw: Draw) -> None:
    with pytest.raises(UsageError, match=r"the rows have no column '\w+': give the chart the answer of its own query"):
        draw(asked(crawled_sample, "totals"))


@each
def test_no_row_is_no_fault(crawled_sample: Path, query: str, draw: Draw) -> None:
    assert '"mark"' in specified(draw(asked(crawled_sample, query).arrow().slice(0, 0)))


def test_a_timeline_marks_what_is_late(crawled_sample: Path) -> None:
    answer = asked(crawled_sample, "timeline")
    [values] = charts.timeline(answer).to_dict()["datasets"].values()
    assert len(values) == len(answer)
    assert sum(row["is_late"] for row in values) == 1
    [late] = [row for row in values if row["is_late"]]
    assert (late["reason"], late["lag"].split()[1]) == ("new-platform", "d")
    assert {row["reason"] for row in values if not row["is_late"]} == {"in time"}


def test_strangers_text_holds_nothing_that_acts(tmp_path: Path) -> None:
    with Dataset(hostile_dataset(tmp_path)) as opened:
        answer = opened.query("timeline")
    drawn = charts.timeline(answer)
    assert json.dumps(drawn.to_dict(), ensure_ascii=False).isprintable()
    assert FIRST.isoformat()[:10] in specified(drawn)
