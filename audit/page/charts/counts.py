"""Charts that count: why files were late, for which Pythons, and what they change for people who install."""

import altair as alt

from audit.answers.words import REASONS
from audit.page.charts.frame import (
    BLUE,
    GREEN,
    GREY,
    OLIVE,
    ORANGE,
    PURPLE,
    SKY,
    TEXT,
    VERMILION,
    Rows,
    data,
    framed,
    legend_columns,
    tooltip,
    values_of,
)

# Neighbours in a stack differ in lightness too.
_REASON_COLOURS = (GREY, OLIVE, SKY, PURPLE, VERMILION, BLUE, ORANGE, GREEN)
_EFFECTS = {
    "displaces a wheel": ("displacing_file_count", VERMILION),
    "saves a build": ("builds_no_more_file_count", GREEN),
    "first that installs": ("new_file_count", SKY),
    "picked nowhere": ("no_effect_file_count", GREY),
}


def reasons(rows: Rows) -> alt.LayerChart:
    """``reasons-by-year``: late files by year of upload, stacked by reason; each bar shows its count."""
    values = [
        row | {"place": list(REASONS).index(row["reason"])} for row in values_of(rows, shares=("late_file_share",))
    ]
    years = [row["year"] for row in values]
    year = alt.X(
        "year:O",
        title=None,
        scale=alt.Scale(domain=list(range(min(years), max(years) + 1)) if years else []),
        axis=alt.Axis(labelAngle=0, labelOverlap="greedy"),
    )
    bars = (
        alt.Chart(data(values))
        .mark_bar(stroke=None)
        .encode(
            year,
            alt.Y("files:Q", title="late files", axis=alt.Axis(tickMinStep=1)),
            alt.Color(
                "reason:N",
                title=None,
                scale=alt.Scale(domain=list(REASONS), range=list(_REASON_COLOURS)),
                legend=alt.Legend(orient="bottom", columns=legend_columns(4)),
            ),
            alt.Order("place:Q"),
            tooltip=tooltip("year", "reason", "files", "late_files", late_file_share_text="share of the year"),
        )
    )
    totals = list({row["year"]: {"year": row["year"], "late_files": row["late_files"]} for row in values}.values())
    counts = (
        alt.Chart(data(totals))
        .mark_text(baseline="bottom", dy=-3)
        .encode(year, alt.Y("late_files:Q"), text=alt.Text("late_files:Q", format=",d"), color=TEXT)
    )
    return framed("Late files by year and reason", bars, counts, height=300)


def pythons(rows: Rows) -> alt.LayerChart:
    """``late-wheels-by-python``: the share of projects with wheels for a CPython that added some late, newest first."""
    values = values_of(rows, shares=("project_share", "wheel_share"))[::-1]
    for row in values:
        row["label"] = f"{row['projects_late']:,} of {row['projects_with_wheels']:,}"
    tooltips = tooltip(
        "python_tag",
        "projects_late",
        "projects_with_wheels",
        "late_wheels",
        "wheels",
        project_share_text="share of projects",
        wheel_share_text="share of wheels",
    )
    tag = alt.Y("python_tag:O", sort=None, title=None)
    bars = (
        alt.Chart(data(values))
        .mark_bar(color=BLUE, stroke=None)
        .encode(
            alt.X(
                "project_share:Q",
                title="share of the projects with such wheels",
                axis=alt.Axis(format="~%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
            tag,
            tooltip=tooltips,
        )
    )
    counts = (
        alt.Chart(data(values))
        .mark_text(align="left", dx=5)
        .encode(alt.X("project_share:Q"), tag, text="label:N", color=TEXT)
    )
    return framed("Share of projects that added wheels late, by CPython", bars, counts, height=max(1, len(values)) * 22)


def displacement(rows: Rows) -> alt.LayerChart:
    """``displacement``: what late files change for people who install, by reason; one file can have several effects."""
    values = [
        {"reason": row["value"], "effect": effect, "files": row[column], "late_files": row["late_files"]}
        for row in values_of(rows)
        if row["counted"] == "reason"
        for effect, (column, _) in _EFFECTS.items()
        if row[column]
    ]
    reason, effect_of = (
        alt.Y("reason:N", sort=None, title=None),
        alt.YOffset("effect:N", scale=alt.Scale(domain=list(_EFFECTS))),
    )
    bars = (
        alt.Chart(data(values))
        .mark_bar(stroke=None)
        .encode(
            alt.X("files:Q", title="late files", axis=alt.Axis(tickMinStep=1, tickCount=8)),
            reason,
            effect_of,
            alt.Color(
                "effect:N",
                title=None,
                scale=alt.Scale(domain=list(_EFFECTS), range=[colour for _, colour in _EFFECTS.values()]),
                legend=alt.Legend(orient="bottom", columns=legend_columns(4)),
            ),
            tooltip=tooltip("reason", "effect", "files", "late_files"),
        )
    )
    counts = (
        alt.Chart(data(values))
        .mark_text(align="left", dx=4, fontSize=10)
        .encode(alt.X("files:Q"), reason, effect_of, text=alt.Text("files:Q", format=",d"), color=TEXT)
    )
    return framed("Late files by reason and what they change for who installs", bars, counts, height=480)
