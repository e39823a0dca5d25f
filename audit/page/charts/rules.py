"""What each proposed rule would have refused: a panel for each rule, all on one scale."""

from collections.abc import Iterator, Sequence
from typing import Any

import altair as alt

from audit.page.charts.frame import (
    CALM,
    LATE,
    TEXT,
    WIDTH,
    Rows,
    data,
    framed,
    styled,
    tooltip,
    values_of,
)

# The window of PyPI's own rule: it is highlighted in each panel.
_MARKED = "14d"
_NO_WINDOW = "rules without a window"
_HEIGHT = 150
_TOOLTIP_COLUMNS = ("policy", "window", "refused_files", "files")


def policies(rows: Rows) -> alt.ConcatChart:
    """``policies``: the refused share of all files by window, a panel for each rule; 14 days are highlighted.

    Each bar shows its count of files; rules without a window share the last panel.
    """
    panels = [
        alt.layer(*layers).properties(width=WIDTH // 2, height=_HEIGHT, title=title) for title, layers in _panels(rows)
    ]
    made: alt.ConcatChart = styled(
        alt.concat(*panels, columns=2), "Refused share of all files by window, a panel for each rule"
    )
    return made


def policy_panels(rows: Rows) -> dict[str, alt.LayerChart]:
    """``policies``: the same panels one by one, by their titles."""
    return {
        title: framed(f"Refused share of all files, {title}", *layers, height=_HEIGHT)
        for title, layers in _panels(rows)
    }


def _panels(rows: Rows) -> Iterator[tuple[str, list[alt.Chart]]]:
    values = [row for row in values_of(rows, shares=("refused_share",)) if row["refused_share"] is not None]
    most = max((row["refused_share"] for row in values), default=0) * 1.15
    windows = list(dict.fromkeys(row["window"] for row in values if row["window"]))
    for policy in dict.fromkeys(row["policy"] for row in values if row["window"]):
        bars = [row for row in values if row["policy"] == policy]
        yield policy, _panel(bars, alt.X("window:O", sort=windows, title=None, axis=alt.Axis(labelAngle=0)), most)
    others = [row for row in values if not row["window"]]
    if others or not values:
        yield _NO_WINDOW, _panel(others, alt.X("policy:O", sort=None, title=None, axis=alt.Axis(labelAngle=0)), most)


def _panel(values: Sequence[dict[str, Any]], across: alt.X, most: float) -> list[alt.Chart]:
    share = alt.Y(
        "refused_share:Q",
        title=None,
        axis=alt.Axis(format="~%", tickCount=4),
        scale=alt.Scale(domain=[0, most or 1], nice=False),
    )
    chart = alt.Chart(data(values))
    bars = chart.mark_bar(stroke=None).encode(
        across,
        share,
        color=alt.condition(f"datum.window == '{_MARKED}'", alt.value(LATE), alt.value(CALM)),
        tooltip=tooltip(*_TOOLTIP_COLUMNS, refused_share_text="refused share"),
    )
    counts = chart.mark_text(baseline="bottom", dy=-2, fontSize=10).encode(
        across, share, text=alt.Text("refused_files:Q", format=",d"), color=TEXT
    )
    return [bars, counts]
