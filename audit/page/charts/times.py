"""Charts over time: how late, when, and one project's uploads."""

import math
from collections.abc import Mapping
from typing import Any

import altair as alt

from audit.answers.values import human_lag, percent
from audit.page.charts.frame import CALM, LATE, QUIET, TEXT, Rows, data, framed, tooltip, values_of
from audit.queries.pypi_rule import pypi_rule

_DAY_LABEL = "datum.value < 365 ? datum.value + ' d' : datum.value / 365 + ' y'"
_LAST_RANGE_ENDS = 1460
_DAY_MS = 86_400_000
_TENS = [0, *(10**power for power in range(9))]


def lags(rows: Rows, window_days: int = 14) -> alt.LayerChart:
    """``lag-buckets``: files by lag, both axes logarithmic; late ones, by the window, are highlighted."""
    values = [
        row | _span(row["from_days"], row["to_days"]) | {"range": _range(row)}
        for row in values_of(rows, shares=("file_share",))
    ]
    most = max((row["files"] for row in values), default=0)
    bars = (
        alt.Chart(data(values))
        .mark_bar(stroke=None, xOffset=0.5, x2Offset=-0.5)
        .encode(
            alt.X(
                "low:Q",
                title="lag after the first file of the release (bars differ in width: each spans its range)",
                scale=alt.Scale(type="log", domain=[0.5, _LAST_RANGE_ENDS], nice=False),
                axis=alt.Axis(values=[1, 2, 7, 14, 30, 90, 180, 365, 730], labelExpr=_DAY_LABEL, grid=False),
            ),
            alt.X2("high:Q"),
            alt.Y(
                "files:Q",
                title="files",
                scale=alt.Scale(type="symlog", nice=False, domain=[0, max(most * 1.6, 10)]),
                axis=alt.Axis(values=_TENS, format=",d"),
            ),
            alt.Y2(datum=0),
            color=alt.condition(f"datum.from_days >= {window_days}", alt.value(LATE), alt.value(CALM)),
            tooltip=tooltip(
                "range", "files", "releases", "projects", "all_file_count", file_share_text="share of files"
            ),
        )
    )
    at = alt.Chart(data([{"days": window_days, "label": f"window: {window_days} d"}]))
    rule = at.mark_rule(strokeDash=[4, 3]).encode(alt.X("days:Q"), color=TEXT)
    label = at.mark_text(align="left", dx=5, baseline="top", y=2).encode(alt.X("days:Q"), text="label:N", color=TEXT)
    counts = (
        alt.Chart(data(values))
        .mark_text(baseline="bottom", dy=-3)
        .encode(alt.X("middle:Q"), alt.Y("files:Q"), text=alt.Text("files:Q", format=",d"), color=TEXT)
    )
    return framed("Files by lag, on logarithmic scales", bars, counts, rule, label, height=300)


def months(rows: Rows) -> alt.LayerChart:
    """``late-by-month``: late files by month of upload, with the day on which PyPI began to refuse them."""
    values = [row | {"month_at": f"{row['month']}-01T00:00:00Z"} for row in values_of(rows, shares=("late_share",))]
    bars = (
        alt.Chart(data(values))
        .mark_bar(color=LATE, stroke=None, minBandSize=1.5)
        .encode(
            alt.X(
                "month_at:T",
                timeUnit="utcyearmonth",
                title=None,
                scale=alt.Scale(type="utc"),
                axis=alt.Axis(format="%Y", grid=False),
            ),
            alt.Y("late_files:Q", title="late files", axis=alt.Axis(tickMinStep=1)),
            tooltip=tooltip("month", "late_files", "files", late_share_text="late share"),
        )
    )
    day = f"{pypi_rule().merged_at:%Y-%m-%d}"
    at = alt.Chart(data([{"day": f"{day}T00:00:00Z", "label": f"PyPI's rule, {day}"}]))
    rule = at.mark_rule(strokeDash=[4, 3]).encode(alt.X("day:T"), color=TEXT)
    label = at.mark_text(align="right", dx=-5, baseline="top", y=2).encode(alt.X("day:T"), text="label:N", color=TEXT)
    return framed("Late files by month of upload", bars, rule, label, height=260)


def nights(rows: Rows) -> alt.LayerChart:
    """One number of the table ``numbers`` over the crawls that kept it: its share of its total, or itself without one.

    The line breaks where its definition changed.
    """
    values = values_of(rows)
    is_share = all(row["whole_count"] for row in values)
    for row in values:
        row["drawn"] = row["value_count"] / row["whole_count"] if is_share else row["value_count"]
        row |= {"share": percent(row["drawn"]) if is_share else "", "when": row["seen_at"][:16]}
    name = values[0]["number"] if values else ""
    across = alt.Axis(format="%Y-%m-%d", tickCount=4, tickMinStep=_DAY_MS, grid=False, labelOverlap="greedy")
    up = alt.Axis(format=".4~p" if is_share else ",d", tickCount=4)
    chart = alt.Chart(data(values)).encode(
        alt.X("seen_at:T", title=None, scale=alt.Scale(type="utc"), axis=across),
        alt.Y("drawn:Q", title=None, scale=alt.Scale(zero=False), axis=up),
        detail="definition:N",
        tooltip=tooltip("when", "number", "value_count", "whole_count", *(["share"] if is_share else [])),
    )
    line, points = chart.mark_line(color=CALM), chart.mark_point(color=CALM, filled=True, size=30)
    return framed(f"{name}, crawl by crawl", line, points, height=130)


def timeline(rows: Rows) -> alt.LayerChart:
    """``timeline`` of one project: a line for each version, a dot for each file over time, late ones marked."""
    values = [row for row in values_of(rows) if row["uploaded_at"]]
    for row in values:
        row |= {"lag": human_lag(row["lag_us"]), "reason": row["reason"] or "in time", "when": row["uploaded_at"][:16]}
    versions = list(dict.fromkeys(row["version"] for row in values))
    dots = (
        alt.Chart(data(sorted(values, key=lambda row: bool(row["is_late"]))))
        .mark_circle(opacity=0.85)
        .encode(
            alt.X(
                "uploaded_at:T",
                title=None,
                scale=alt.Scale(type="utc", padding=8),
                axis=alt.Axis(format="%Y-%m", tickCount=6, labelOverlap="greedy"),
            ),
            alt.Y("version:O", sort=versions, title=None, axis=alt.Axis(grid=True, labelLimit=120)),
            color=_by_lateness(alt.value(LATE), alt.value(QUIET)),
            size=_by_lateness(alt.value(70), alt.value(35)),
            tooltip=tooltip("filename", "lag", "reason", "when", "signs"),
        )
    )
    return framed("Uploads by version and time; late files stand out", dots, height=max(2, len(versions)) * 18)


def _by_lateness(late: Any, other: Any) -> Any:
    return alt.condition("datum.is_late", late, other)


def _range(row: Mapping[str, Any]) -> str:
    return f"over {row['from_days']} to {row['to_days']} days" if row["to_days"] else f"over {row['from_days']} days"


def _span(from_days: int, to_days: int | None) -> dict[str, float]:
    """The begin and end of a bar, and its middle on a logarithmic scale."""
    low, high = max(from_days, 0.5), to_days or _LAST_RANGE_ENDS
    return {"low": low, "high": high, "middle": math.sqrt(low * high)}
