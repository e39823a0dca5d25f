"""Where a report's numbers come from: the head of the report, a line to cite, the command that repeats it; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.answers.coverage import crawled_by
from audit.answers.text import plain
from audit.answers.values import utc
from audit.page.content import Content

Row = Mapping[str, Any]
TITLE = "Files that came late"
_NAMES = {"json": "JSON API", "simple": "Index API"}
_CHOICES_SHOWN = 3
_HEX_CITED = 16


@dataclass(frozen=True, slots=True)
class Provenance:
    """``facts`` are texts by their topic, in order; each is inert and on one line."""

    facts: Mapping[str, str]
    command: str
    cite: str


def provenance(content: Content, form: str) -> Provenance:
    """The head of a report in the format ``form``."""
    held = content.first("coverage")
    choices: list[Row] = content.sections["crawl-choices"].rows.to_pylist()
    index, chosen, when = _index(held, choices), _chosen(held, choices), _when(held)
    crawled = crawled_by(content.crawled_by)
    facts = {
        "Index": index + _apis(choices),
        "Projects": f"{held['asked_project_count']:,} asked for, chosen by {chosen}",
        "Pages": when,
        "Uploads": _days(held["first_uploaded_at"], held["last_uploaded_at"]) or "no upload time is known",
        "Dataset": f"sha256:{content.fingerprint}",
        "Program": f"release-audit {content.version}",
        "Crawled by": crawled or "no crawl",
    }
    others = f", crawled by {crawled}" if {*content.crawled_by} - {content.version} else ""
    ending = "md" if form == "markdown" else form
    asked = "" if form == "html" else f" --format {form}"
    return Provenance(
        facts,
        f"release-audit report --dataset DIR --window-days {content.window_days}{asked} --out report.{ending}",
        f"“{TITLE}”, release-audit {content.version}: {index}, {held['asked_project_count']:,} projects ({chosen}), "
        f"pages {when}{others}, window {content.window_days} d, dataset sha256:{content.fingerprint[:_HEX_CITED]}",
    )


def _index(held: Row, choices: Sequence[Row]) -> str:
    """Which index; for a replay the one whose pages were recorded, not the local address."""
    if held["recorded_project_count"] and held["recorded_from"]:
        return f"{plain(held['recorded_from'])}, pages replayed from a recording"
    indexes = (plain(row["index_url"] or f"imported from {row['source']}") for row in choices)
    return ", ".join(dict.fromkeys(indexes)) or "not on record"


def _apis(choices: Sequence[Row]) -> str:
    apis = list(dict.fromkeys(_NAMES.get(row["api"], plain(row["api"])) for row in choices if row["api"]))
    return f", through the {' and the '.join(apis)}" if apis else ""


def _chosen(held: Row, choices: Sequence[Row]) -> str:
    options = list(dict.fromkeys(plain(row["chosen_by"] or "options that are not on record") for row in choices))
    left = len(options) - _CHOICES_SHOWN
    named = "; ".join(options[:_CHOICES_SHOWN]) + (f"; and {left:,} more" if left > 0 else "")
    everything = "--whole-index" in options and held["recorded_project_count"] == held["asked_project_count"] > 0
    return (named or "options that are not on record") + (", all of the recording" if everything else "")


def _when(held: Row) -> str:
    return ", the others ".join(_times(held)) or "of no known day"


def _times(held: Row) -> Iterator[str]:
    recorded, asked = held["recorded_project_count"], held["asked_project_count"]
    if recorded:
        some = "" if recorded == asked else f"of {recorded:,} projects "
        yield f"{some}recorded {_days(held['oldest_recorded_at'], held['newest_recorded_at'])}"
    if recorded < asked and (days := _days(held["oldest_answer_at"], held["newest_answer_at"])):
        yield f"asked for {days}"


def _days(first: datetime | None, last: datetime | None) -> str:
    """The days of two times, or the one day of both; empty if there are no times."""
    if first is None or last is None:
        return ""
    return " to ".join(dict.fromkeys([utc(first)[:10], utc(last)[:10]]))
