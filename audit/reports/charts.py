"""The report's charts: a query's answer in, an Altair chart out; pure.

Each function takes the answer of the query that its first line names: anything that speaks Arrow, such as an
``Answer``, a table of pyarrow or a frame of polars or pandas, with the columns of that query. Text is drawn as text:
what a terminal or a browser could act on shows as its escape. No chart has a selection, so the same answer gives the
same specification. Axes and text take the colour of what they stand in, so a chart fits a light and a dark page.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

import altair as alt
import pyarrow as pa

from audit.reports.text import plain
from audit.reports.values import human_lag, percent, utc
from audit.reports.words import REASONS

WIDTH = 640
# The day on which the rule of PyPI was merged (UTC): see the view pypi_rule.
ENFORCED_ON = "2026-07-08"
# Colours that stay apart for most colour-blind people, on white and on black.
_CALM, _LATE, _QUIET = "#4a80c4", "#dd5f2b", "#8a94a6"
_REASON_COLOURS = ("#8a94a6", "#b08d57", "#4a80c4", "#c23b75", "#dd5f2b", "#2e9c85", "#8b6fd0", "#d9a514")
_EFFECTS = {
    "displaces a wheel": ("displacing_files", "#dd5f2b"),
    "saves a build": ("builds_no_more_files", "#2e9c85"),
    "first that installs": ("new_files", "#4a80c4"),
    "picked nowhere": ("no_effect_files", "#8a94a6"),
}
_POLICY_COLOURS = ("#dd5f2b", "#4a80c4", "#2e9c85", "#8b6fd0", "#e3936f", "#b3461a", "#82ace0", "#2f5f9e")
_DAY_LABEL = "datum.value < 365 ? datum.value + ' d' : datum.value / 365 + ' y'"
_LAST_RANGE_ENDS = 1460
_TENS = [0, *(10**power for power in range(9))]
_TEXT = alt.value("currentColor")


class Rows(Protocol):
    """Rows that speak Arrow's C stream interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """A capsule of the rows."""


def policies(rows: Rows) -> alt.LayerChart:
    """``policies``: the refused share of all files over the window, a line for each rule, dashed if without window."""
    values = [row for row in _values(rows, shares=("refused_share",)) if row["refused_share"] is not None]
    windows = list(dict.fromkeys(row["window"] for row in values if row["window"]))
    names = list(dict.fromkeys(row["policy"] for row in values))
    colour = alt.Color(
        "policy:N",
        title=None,
        scale=alt.Scale(domain=names, range=list(_POLICY_COLOURS)),
        legend=alt.Legend(
            orient="bottom", columns=_legend_columns(2), symbolType="stroke", symbolStrokeWidth=3, labelLimit=240
        ),
    )
    share = alt.Y("refused_share:Q", title="refused share of all files", axis=alt.Axis(format="~%"))
    told = _tooltip("policy", "window", "refused_files", "files", refused_share_text="refused share")
    lines = (
        alt.Chart(_data(row for row in values if row["window"]))
        .mark_line(point=alt.OverlayMarkDef(size=45), strokeWidth=2)
        .encode(
            alt.X("window:O", sort=windows, title="window", axis=alt.Axis(labelAngle=0)), share, colour, tooltip=told
        )
    )
    levels = (
        alt.Chart(_data(row for row in values if not row["window"]))
        .mark_rule(strokeDash=[6, 4], strokeWidth=2)
        .encode(share, colour, tooltip=told)
    )
    layers = [lines, levels] if any(not row["window"] for row in values) else [lines]
    return _framed("Refused share of all files over the window, by rule", *layers, height=320)


def lags(rows: Rows, window_days: int = 14) -> alt.LayerChart:
    """``lag-buckets``: files by lag, both axes logarithmic; what is late by the window stands out."""
    values = [
        row | {"low": max(row["from_days"], 0.5), "high": row["to_days"] or _LAST_RANGE_ENDS, "range": _range(row)}
        for row in _values(rows, shares=("file_share",))
    ]
    most = max((row["files"] for row in values), default=0)
    bars = (
        alt.Chart(_data(values))
        .mark_bar(stroke=None, xOffset=0.5, x2Offset=-0.5)
        .encode(
            alt.X(
                "low:Q",
                title="lag after the first file of the release",
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
            color=alt.condition(f"datum.from_days >= {window_days}", alt.value(_LATE), alt.value(_CALM)),
            tooltip=_tooltip("range", "files", "releases", "projects", "all_files", file_share_text="share of files"),
        )
    )
    at = alt.Chart(_data([{"days": window_days, "label": f"window: {window_days} d"}]))
    rule = at.mark_rule(strokeDash=[4, 3]).encode(alt.X("days:Q"), color=_TEXT)
    label = at.mark_text(align="left", dx=5, baseline="top", y=2).encode(alt.X("days:Q"), text="label:N", color=_TEXT)
    return _framed("Files by lag, on logarithmic scales", bars, rule, label, height=280)


def months(rows: Rows) -> alt.LayerChart:
    """``late-by-month``: late files by month of upload, with the day on which PyPI began to refuse them."""
    values = [row | {"month_at": f"{row['month']}-01T00:00:00Z"} for row in _values(rows, shares=("late_share",))]
    bars = (
        alt.Chart(_data(values))
        .mark_bar(color=_LATE, stroke=None, minBandSize=1.5)
        .encode(
            alt.X(
                "month_at:T",
                timeUnit="utcyearmonth",
                title=None,
                scale=alt.Scale(type="utc"),
                axis=alt.Axis(format="%Y", grid=False),
            ),
            alt.Y("late_files:Q", title="late files", axis=alt.Axis(tickMinStep=1)),
            tooltip=_tooltip("month", "late_files", "files", late_share_text="late share"),
        )
    )
    at = alt.Chart(_data([{"day": f"{ENFORCED_ON}T00:00:00Z", "label": f"PyPI's rule, {ENFORCED_ON}"}]))
    rule = at.mark_rule(strokeDash=[4, 3]).encode(alt.X("day:T"), color=_TEXT)
    label = at.mark_text(align="right", dx=-5, baseline="top", y=2).encode(alt.X("day:T"), text="label:N", color=_TEXT)
    return _framed("Late files by month of upload", bars, rule, label, height=260)


def reasons(rows: Rows) -> alt.LayerChart:
    """``reasons-by-year``: late files by year of upload, stacked by reason."""
    values = [row | {"place": list(REASONS).index(row["reason"])} for row in _values(rows, shares=("late_file_share",))]
    years = [row["year"] for row in values]
    chart = (
        alt.Chart(_data(values))
        .mark_bar(stroke=None)
        .encode(
            alt.X(
                "year:O",
                title=None,
                scale=alt.Scale(domain=list(range(min(years), max(years) + 1)) if years else []),
                axis=alt.Axis(labelAngle=0, labelOverlap="greedy"),
            ),
            alt.Y("files:Q", title="late files", axis=alt.Axis(tickMinStep=1)),
            alt.Color(
                "reason:N",
                title=None,
                scale=alt.Scale(domain=list(REASONS), range=list(_REASON_COLOURS)),
                legend=alt.Legend(orient="bottom", columns=_legend_columns(4)),
            ),
            alt.Order("place:Q"),
            tooltip=_tooltip("year", "reason", "files", "late_files", late_file_share_text="share of the year"),
        )
    )
    return _framed("Late files by year and reason", chart, height=280)


def pythons(rows: Rows) -> alt.LayerChart:
    """``late-wheels-by-python``: the share of projects with wheels for a CPython that added some of them late."""
    values = _values(rows, shares=("project_share", "wheel_share"))
    told = _tooltip(
        "python_tag",
        "projects_late",
        "projects_with_wheels",
        "late_wheels",
        "wheels",
        project_share_text="share of projects",
        wheel_share_text="share of wheels",
    )
    chart = (
        alt.Chart(_data(values))
        .mark_bar(color=_CALM, stroke=None)
        .encode(
            alt.X("python_tag:O", sort=None, title=None, axis=alt.Axis(labelAngle=-45)),
            alt.Y("project_share:Q", title="share of the projects with such wheels", axis=alt.Axis(format="~%")),
            tooltip=told,
        )
    )
    return _framed("Share of projects that added wheels late, by CPython", chart, height=260)


def displacement(rows: Rows) -> alt.LayerChart:
    """``displacement``: what the late files of each reason change for who installs; one can have several effects."""
    values = [
        {"reason": row["value"], "effect": effect, "files": row[column], "late_files": row["late_files"]}
        for row in _values(rows)
        if row["counted"] == "reason"
        for effect, (column, _) in _EFFECTS.items()
    ]
    bars = (
        alt.Chart(_data(values))
        .mark_bar(stroke=None)
        .encode(
            alt.X("files:Q", title="late files", axis=alt.Axis(tickMinStep=1)),
            alt.Y("reason:N", sort=None, title=None),
            alt.YOffset("effect:N", sort=None),
            alt.Color(
                "effect:N",
                title=None,
                scale=alt.Scale(domain=list(_EFFECTS), range=[colour for _, colour in _EFFECTS.values()]),
                legend=alt.Legend(orient="bottom", columns=_legend_columns(4)),
            ),
            tooltip=_tooltip("reason", "effect", "files", "late_files"),
        )
    )
    return _framed("Late files by reason and what they change for who installs", bars, height=360)


def who(rows: Rows, limit: int = 15) -> alt.LayerChart:
    """``who``: the late files of the ``limit`` projects with most of them."""
    values = _values(pa.table(rows).slice(0, limit), shares=("late_share", "cumulative_share"))
    told = _tooltip(
        "project",
        "late_files",
        "late_releases",
        "files",
        late_share_text="share of its files",
        cumulative_share_text="with those above, share of all late files",
    )
    chart = (
        alt.Chart(_data(values))
        .mark_bar(color=_CALM, stroke=None)
        .encode(
            alt.X("late_files:Q", title="late files", axis=alt.Axis(tickMinStep=1)),
            alt.Y("project:N", sort=None, title=None, axis=alt.Axis(labelLimit=120)),
            tooltip=told,
        )
    )
    return _framed("Projects with most late files", chart, height=max(1, len(values)) * 20)


def timeline(rows: Rows) -> alt.LayerChart:
    """``timeline`` of one project: a line for each version, a dot for each file over time, late ones marked."""
    values = [row for row in _values(rows) if row["uploaded_at"]]
    for row in values:
        row |= {"lag": human_lag(row["lag_us"]), "reason": row["reason"] or "in time", "when": row["uploaded_at"][:16]}
    versions = list(dict.fromkeys(row["version"] for row in values))
    dots = (
        alt.Chart(_data(sorted(values, key=lambda row: bool(row["is_late"]))))
        .mark_circle(opacity=0.85)
        .encode(
            alt.X(
                "uploaded_at:T",
                title=None,
                scale=alt.Scale(type="utc", padding=8),
                axis=alt.Axis(format="%Y-%m", tickCount=6, labelOverlap="greedy"),
            ),
            alt.Y("version:O", sort=versions, title=None, axis=alt.Axis(grid=True, labelLimit=120)),
            color=_by_lateness(alt.value(_LATE), alt.value(_QUIET)),
            size=_by_lateness(alt.value(70), alt.value(35)),
            tooltip=_tooltip("filename", "lag", "reason", "when", "signs"),
        )
    )
    return _framed("Uploads by version and time; late files stand out", dots, height=max(2, len(versions)) * 18)


def _legend_columns(most: int) -> Any:
    """Half as many where the chart is narrow."""
    return alt.expr(f"width < 400 ? {most // 2} : {most}")


def _by_lateness(late: Any, other: Any) -> Any:
    return alt.condition("datum.is_late", late, other)


def _range(row: Mapping[str, Any]) -> str:
    return f"over {row['from_days']} to {row['to_days']} days" if row["to_days"] else f"over {row['from_days']} days"


def _framed(description: str, *layers: alt.Chart, height: int) -> alt.LayerChart:
    """The layers as one chart, with a description for who does not see it; transparent, in the colour around it."""
    colour, font = "currentColor", "system-ui, sans-serif"
    framed: alt.LayerChart = (
        alt.layer(*layers)
        .properties(width=WIDTH, height=height, description=description, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            **dict.fromkeys(("labelColor", "titleColor", "domainColor", "tickColor", "gridColor"), colour),
            gridOpacity=0.13,
            domainOpacity=0.4,
            tickOpacity=0.4,
            labelFont=font,
            titleFont=font,
            titleFontWeight="normal",
            labelFontSize=11,
            titleFontSize=12,
        )
        .configure_legend(labelColor=colour, labelFont=font, labelFontSize=12)
        .configure_text(font=font, fontSize=11)
    )
    return framed


def _tooltip(*columns: str, **titles: str) -> list[alt.Tooltip]:
    """The columns as they are, then those with a title of their own."""
    named = {column: column.replace("_", " ") for column in columns} | titles
    return [alt.Tooltip(f"{column}:N", title=title) for column, title in named.items()]


def _data(values: Any) -> alt.InlineData:
    return alt.InlineData(values=list(values))


def _values(rows: Rows, shares: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The rows as JSON can say them; each share also as text, ``SHARE_text``."""
    values: list[dict[str, Any]] = [
        {name: _value(cell) for name, cell in row.items()} for row in pa.table(rows).to_pylist()
    ]
    for row in values:
        row |= {f"{name}_text": "" if row[name] is None else percent(row[name]) for name in shares}
    return values


def _value(cell: object) -> object:
    if isinstance(cell, datetime):
        return utc(cell.replace(tzinfo=cell.tzinfo or UTC))
    return plain(cell) if isinstance(cell, str) else cell
