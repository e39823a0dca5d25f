"""The picture shown where others link to a report: its first sentence, and the late files by month."""

import textwrap
from typing import Final

import altair as alt
import vl_convert

from audit.page import charts
from audit.page.content import Content
from audit.page.headline import headline
from audit.page.provenance import TITLE, provenance

WIDTH: Final = 1200
HEIGHT: Final = 630
_PADDING: Final = 48
# How many characters fit into a line of the title and of the text below it.
_TITLE_LINE: Final = 52
_BELOW_LINE: Final = 100


def picture_text(content: Content) -> str:
    """What the picture shows, for people who cannot see it."""
    return f"{TITLE}: {''.join(map(str, headline(content)[0]))}"


def picture(content: Content) -> bytes:
    """A PNG of ``WIDTH`` times ``HEIGHT``; the same content gives the same bytes."""
    facts = provenance(content, "html").facts
    below = [TITLE, *textwrap.wrap(f"{facts['Index']}; projects: {facts['Projects']}", _BELOW_LINE)[:2]]
    title = alt.Title(
        text=textwrap.wrap("".join(map(str, headline(content)[0])), _TITLE_LINE)[:3],
        subtitle=below,
        anchor="start",
        fontSize=38,
        subtitleFontSize=20,
        subtitleColor="#586274",
        lineHeight=46,
        subtitleLineHeight=28,
        subtitlePadding=14,
        offset=28,
    )
    specification = _drawn(content).properties(title=title).to_dict()
    specification |= {
        "width": WIDTH - 2 * _PADDING,
        "height": HEIGHT - 2 * _PADDING,
        "padding": _PADDING,
        "autosize": {"type": "fit", "contains": "content"},
        "background": "white",
    }
    made: bytes = vl_convert.vegalite_to_png(specification, scale=1)
    return made


def _drawn(content: Content) -> alt.LayerChart:
    months = content.sections.get("late-by-month")
    if months is None or content.is_untimed or not len(months.rows):
        return charts.lags(content.sections["lag-buckets"].rows, content.window_days)
    return charts.months(months.rows)
