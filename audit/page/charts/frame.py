"""What all charts share: how rows become data, and the frame, colours and tooltips."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import altair as alt
import pyarrow as pa

from audit.answers.text import plain
from audit.answers.values import percent, utc
from audit.errors import UsageError

WIDTH: Final = 640
# After Okabe and Ito: colour-blind people can distinguish them, and all are visible on white and on black.
GREY: Final = "#8a94a6"
ORANGE: Final = "#e69f00"
SKY: Final = "#56b4e9"
GREEN: Final = "#009e73"
BLUE: Final = "#2f7fc1"
VERMILION: Final = "#d55e00"
PURPLE: Final = "#cc79a7"
OLIVE: Final = "#9a9a2c"
CALM, LATE, QUIET = BLUE, VERMILION, GREY
TEXT: Final = alt.value("currentColor")


class Rows(Protocol):
    """Rows that speak Arrow's C stream interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """A capsule of the rows."""


def framed(description: str, *layers: alt.Chart, height: int) -> alt.LayerChart:
    """The layers as one chart, with a description for people who cannot see it; transparent, in the colour around."""
    made: alt.LayerChart = styled(alt.layer(*layers).properties(width=WIDTH, height=height), description)
    return made


def styled(chart: Any, description: str) -> Any:
    """The chart with the look that all charts share."""
    # Fonts of equal width: one program measures an SVG's text, and another one shows it.
    colour, font = "currentColor", "Arial, Helvetica, Liberation Sans, sans-serif"
    return (
        chart.properties(description=description, background="transparent")
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
        .configure_title(color=colour, font=font, fontSize=13, anchor="start", fontWeight="bold")
    )


def legend_columns(most: int) -> Any:
    """The legend's columns: half as many if the chart is narrow."""
    return alt.expr(f"width < 400 ? {most // 2} : {most}")


def tooltip(*columns: str, **titles: str) -> list[alt.Tooltip]:
    """The tooltip's columns: first those under their own names, then those with a title."""
    named = {column: column.replace("_", " ") for column in columns} | titles
    return [alt.Tooltip(f"{column}:N", title=title) for column, title in named.items()]


def data(values: Any) -> alt.InlineData:
    """The rows as a chart contains them."""
    return alt.InlineData(values=list(values))


def values_of(rows: Rows, shares: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The rows as values for JSON; each share also as text, ``SHARE_text``.

    A column that the rows do not have raises UsageError when it is read.
    """
    values: list[dict[str, Any]] = [
        _Row({name: _value(cell) for name, cell in row.items()}) for row in pa.table(rows).to_pylist()
    ]
    for row in values:
        row |= {f"{name}_text": "" if row[name] is None else percent(row[name]) for name in shares}
    return values


class _Row(dict[str, Any]):
    def __missing__(self, name: str) -> Any:
        raise UsageError(f"the rows have no column {name!r}: give the chart the answer of its own query")


def _value(cell: object) -> object:
    if isinstance(cell, datetime):
        return utc(cell.replace(tzinfo=cell.tzinfo or UTC))
    return plain(cell) if isinstance(cell, str) else cell
