"""The page: from a report's content to one self-contained HTML document; the same content gives the same bytes."""

import base64
import functools
import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import pyarrow as pa
from altair.utils import schemapi

from audit.answers.coverage import coverage_note
from audit.answers.text import plain
from audit.answers.words import ABOUT, LIMITS, REASONS
from audit.page import charts
from audit.page.content import Content, Timeline, chapters
from audit.page.headline import headline
from audit.page.html.templates import templates, text
from audit.page.html.vega import vega
from audit.page.provenance import TITLE, provenance
from audit.page.seen import seen


def render(content: Content) -> str:
    """The report as HTML: it opens from a disk, loads nothing from elsewhere, and never runs strangers' text.

    The Content-Security-Policy names the page's own scripts and style by their hash; charts are drawn by Vega's
    interpreter, which needs no ``eval``.
    """
    style, script = text("report.css"), text("report.js")
    return (
        templates()
        .get_template("report.html.j2")
        .render(
            content=content,
            chapters=list(chapters(content)),
            sentences=headline(content),
            coverage=plain(coverage_note(content.first("coverage"))),
            charts=drawn(content),
            seen=seen(content),
            provenance=provenance(content, "html"),
            title=TITLE,
            about=ABOUT,
            timelines=_named(content.timelines),
            limits=LIMITS,
            reasons=REASONS,
            style=style,
            vega=vega(),
            script=script,
            policy=_security_policy([vega(), script], [style]),
        )
    )


def drawn(content: Content) -> dict[str, dict[str, dict[str, Any]]]:
    """The charts' specifications by place on the page, then by title.

    The place is the name of a query or a timeline; empty charts are left out.
    """
    if not content.first("policies")["files"]:
        return {}
    draws: dict[str, Callable[[pa.Table], alt.LayerChart]] = {
        "lag-buckets": functools.partial(charts.lags, window_days=content.window_days),
        "reasons-by-year": charts.reasons,
        "late-wheels-by-python": charts.pythons,
        "displacement": charts.displacement,
    }
    answers = {name: content.sections[name].rows for name in ("policies", *draws)}
    with schemapi.debug_mode(False):  # a chart is checked once, when it is complete, and not each of its parts too
        made = {"policies": charts.policy_panels(answers["policies"])}
        made |= {name: {"": draw(answers[name])} for name, draw in draws.items()}
        made |= {name: {"": charts.timeline(timeline.rows)} for name, timeline in _named(content.timelines)}
        fluids = {name: {title: fluid(chart) for title, chart in some.items()} for name, some in made.items()}
    return {
        name: some for name, some in fluids.items() if any(any(each["datasets"].values()) for each in some.values())
    }


def _named(timelines: Sequence[Timeline]) -> list[tuple[str, Timeline]]:
    """Each timeline with the id of its place on the page, which contains no text of strangers."""
    return [(f"timeline-{number}", timeline) for number, timeline in enumerate(timelines, 1)]


def fluid(chart: alt.LayerChart) -> dict[str, Any]:
    """The specification of a chart that is as wide as the page allows."""
    specification: dict[str, Any] = chart.to_dict()
    return specification | {"width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}


def _security_policy(scripts: list[str], styles: list[str]) -> str:
    return (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"script-src {' '.join(map(_hash, scripts))}; style-src {' '.join(map(_hash, styles))}"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
