"""What each chart of the report shows: one sentence with its numbers; pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from audit.page.content import Content
from audit.page.sentence import Figure, Sentence, figures, part, said

Rows = Sequence[Mapping[str, Any]]
_YEAR_DAYS = 365


def seen(content: Content) -> dict[str, Sentence]:
    """A sentence for each chart, by the query that it draws; left out if the query has no row."""
    say: dict[str, Callable[[Rows], Sentence]] = {
        "policies": _policies,
        "lag-buckets": _lags,
        "reasons-by-year": _reasons,
        "late-wheels-by-python": _pythons,
        "displacement": _displacement,
    }
    answers = {name: content.sections[name].rows.to_pylist() for name in say}
    return {name: say[name](rows) for name, rows in answers.items() if rows}


def _policies(rows: Rows) -> Sentence:
    by_window = {row["window"]: figures(row, "policies") for row in rows if row["policy"] == "after-first"}
    return said(
        "Counted from a release's first file, a window of one hour would have refused {} of {} files{}, one of 14 days "
        "{} and one of a year {}. Bars of 14 days, the window of PyPI's rule, are orange.",
        *part(by_window["1h"]("refused_files"), by_window["1h"]("files")),
        by_window["14d"]("refused_files"),
        by_window["365d"]("refused_files"),
    )


def _lags(rows: Rows) -> Sentence:
    years = sum(row["files"] for row in rows if row["from_days"] >= _YEAR_DAYS)
    return said(
        "{} of {} files{} came more than a year after the first file of their release. A bar spans its range of lags: "
        "compare heights, not areas.",
        *part(Figure(years, "lag-buckets", "files"), figures(rows[0], "lag-buckets")("all_file_count")),
    )


def _reasons(rows: Rows) -> Sentence:
    most = max(rows, key=lambda row: (row["late_files"], row["files"]))
    of = figures(most, "reasons-by-year")
    return said(
        f"In {most['year']}, the year with most of them, the most frequent reason was {most['reason']}: "
        "{} of {} late files{}.",
        *part(of("files"), of("late_files")),
    )


def _pythons(rows: Rows) -> Sentence:
    most = max(reversed(rows), key=lambda row: row["projects_late"])
    of = figures(most, "late-wheels-by-python")
    return said(
        f"Most projects were late for {most['python_tag']}: {{}} of the {{}} with wheels for it{{}} added some late.",
        *part(of("projects_late"), of("projects_with_wheels")),
    )


def _displacement(rows: Rows) -> Sentence:
    by_reason = [row for row in rows if row["counted"] == "reason"]
    most = max(by_reason, key=lambda row: row["displacing_file_count"], default=None)
    if most is None or not most["displacing_file_count"]:
        return ["No late file displaces a wheel that was picked before."]
    of = figures(most, "displacement")
    return said(
        f"Most files that displace a wheel are of the reason {most['value']}: {{}} of its {{}} late files{{}}.",
        *part(of("displacing_file_count"), of("late_files")),
    )
