"""A finished crawl in words; pure."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from shlex import quote

from audit.answers.text import plain
from audit.answers.untimed import no_times_note
from audit.counting import counted
from audit.model import Event, Outcome, Summary


def crawl_text(summary: Summary) -> str:
    """What a crawl asked for, reached and changed, and what the dataset has now; ends with a newline.

    Projects whose serial in the index's root had not moved were not asked for.
    """
    missed, dataset = summary.not_reached_count, plain(str(summary.dataset))
    asked = summary.asked - summary.settled_count
    settled = f"; {summary.settled_count:,} not asked for (same serial)" if summary.settled_count else ""
    lines = [
        f"crawl {summary.crawl_id}: {counted(asked, 'project')} asked for, {asked - missed:,} reached, "
        f"{missed:,} not reached ({counted(summary.request_count, 'request')}){settled}",
        "  " + ", ".join(f"{summary.outcomes.get(outcome, 0):,} {outcome}" for outcome in Outcome),
    ]
    lines += [f"  not reached: {count:,} x {plain(reason)}" for reason, count in sorted(summary.failures.items())]
    lines += _names(summary)
    if lacking := summary.failures.get("no-releases"):
        lines.append(
            f"  WARNING: {counted(lacking, 'JSON document')} had no `releases`: ask the Index API with --api simple"
        )
    if summary.misnamed_count:
        first = ", ".join(map(repr, summary.first_misnamed))
        more = summary.misnamed_count - len(summary.first_misnamed)
        lines.append(
            f"  not asked for: {counted(summary.misnamed_count, 'name')} in the index's root that no project can have: "
            f"{plain(first)}{f' and {more:,} more' if more else ''}"
        )
    lines.append(f"  {_news(summary.events, summary.outcomes)}")
    if changed := summary.events.get(Event.CHANGED):
        lines.append(
            f"  WARNING: {counted(changed, 'file')} changed in hash, size, upload time or release, which should never "
            f"happen:\n"
            f"  release-audit changes --event changed --dataset {dataset}"
        )
    if summary.asked and summary.outcomes.get(Outcome.MISSING) == summary.asked:
        lines.append("  WARNING: every project is missing: check the names, --index-url and --api")
    lines.append(
        f"dataset {dataset}: {counted(summary.project_count, 'project')}, {counted(summary.release_count, 'release')}, "
        f"{counted(summary.file_count, 'file')} ({summary.untimed_file_count:,} without an upload time)"
    )
    if summary.set_aside_file_count or summary.set_aside_field_count or summary.unlisted_release_count:
        lines.append(
            f"  set aside: {counted(summary.set_aside_file_count, 'file')} "
            f"and {counted(summary.set_aside_field_count, 'single field')}; "
            f"{counted(summary.unlisted_release_count, 'release')} that the index does not list:\n"
            f"  release-audit stats set-aside-reasons --dataset {dataset}"
        )
    if summary.file_count and (nothing := no_times_note(summary.file_count, summary.untimed_file_count)):
        lines.append(f"  WARNING: {nothing}")
    return "\n".join(lines) + "\n"


def stopped_text(staged: int | None, asked: int, *, is_fresh: bool = False, is_resumed: bool = True) -> str:
    """How many projects a crawl stopped by a signal has staged (None: nothing is left to resume), of those asked for.

    ``asked`` is 0 before that is known. A crawl with ``is_fresh`` would drop what this one has staged; one without
    ``is_resumed`` starts again, even if something is staged.
    """
    if staged is not None and not is_resumed:
        return f"stopped: {staged:,} of {asked:,} staged and none committed; the same command starts again"
    resumes = "the same command resumes" + (" without --fresh" if is_fresh else "")
    if not asked:
        return "stopped before it asked for a project: " + (resumes if staged else "the same command starts again")
    if staged is None:
        return "stopped after its commit: nothing is lost"
    return f"stopped: {staged:,} of {asked:,} staged; {resumes}"


def crawl_line(summary: Summary) -> str:
    """The summary as one line of JSON, for a log."""
    # One by one: `asdict` copies mappings, as if all of them were dicts.
    document = {field.name: getattr(summary, field.name) for field in fields(summary)}
    document |= {"event": "summary", "dataset": str(summary.dataset)}
    return json.dumps(document, sort_keys=True, default=dict)


def _names(summary: Summary) -> Iterator[str]:
    """The first names of each outcome that a user may want to check, and how to list them all, with the reasons.

    A missing project has no other reason: if these are all named, nothing is left to list.
    """
    for outcome, names in summary.first_names.items():
        more = summary.outcomes[outcome] - len(names)
        yield f"  {outcome}: {plain(', '.join(names))}{f' and {more:,} more' if more else ''}"
    missing = summary.outcomes.get(Outcome.MISSING, 0)
    is_all_said = [(name, len(names)) for name, names in summary.first_names.items()] == [(Outcome.MISSING, missing)]
    if summary.first_names and not is_all_said:
        outcomes = ", ".join(f"'{outcome}'" for outcome in summary.first_names)
        asked = f"crawl_id = '{summary.crawl_id}' and outcome in ({outcomes})"
        sql = f"select project, outcome, reason, detail from crawls where {asked}"  # noqa: S608 - our own words, shown
        yield f'  all of them: release-audit sql --limit 0 --dataset {plain(quote(str(summary.dataset)))} "{sql}"'


def _news(events: Mapping[str, int], outcomes: Mapping[str, int]) -> str:
    if events:
        return "changes seen: " + ", ".join(f"{count:,} {plain(name)}" for name, count in sorted(events.items()))
    # A project seen for the first time is a baseline: it is not a change, but it does not mean "nothing changed"
    # either.
    return (
        "nothing changed"
        if not outcomes.get("found")
        else "no known file changed (the first crawl of a project is a baseline)"
    )
