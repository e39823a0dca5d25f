"""A finished crawl in words; pure."""

from collections.abc import Mapping
from pathlib import Path

from audit.reports.text import plain

# The order of the design; every outcome is shown, also one that did not occur.
_OUTCOMES = ("found", "unchanged", "missing", "quarantined", "stale", "failed")
_LOUD = "changed"


def crawl_text(  # noqa: PLR0913 - one argument for each thing that is shown
    *,
    crawl_id: str,
    dataset: Path,
    asked: int,
    outcomes: Mapping[str, int],
    failures: Mapping[str, int],
    events: Mapping[str, int],
    request_count: int,
    project_count: int,
    release_count: int,
    file_count: int,
    untimed_file_count: int,
) -> str:
    """What a crawl asked, reached and changed, and what the dataset holds now; ends with a newline."""
    reached = asked - outcomes.get("stale", 0) - outcomes.get("failed", 0)
    lines = [
        f"crawl {crawl_id}: {asked:,} projects asked for, {reached:,} reached, {asked - reached:,} not reached "
        f"({request_count:,} requests)",
        "  " + ", ".join(f"{outcomes.get(name, 0):,} {name}" for name in _OUTCOMES),
    ]
    lines += [f"  not reached: {count:,} x {plain(reason)}" for reason, count in sorted(failures.items())]
    lines.append(f"  {_news(events, outcomes)}")
    if events.get(_LOUD):
        lines.append(
            f"  WARNING: {events[_LOUD]:,} files changed their hash, size or upload time, which should never happen:\n"
            f"  release-audit changes --event changed --dataset {plain(str(dataset))}"
        )
    lines.append(
        f"dataset {plain(str(dataset))}: {project_count:,} projects, {release_count:,} releases, {file_count:,} files "
        f"({untimed_file_count:,} without an upload time)"
    )
    return "\n".join(lines) + "\n"


def _news(events: Mapping[str, int], outcomes: Mapping[str, int]) -> str:
    if events:
        return "changes seen: " + ", ".join(f"{count:,} {plain(name)}" for name, count in sorted(events.items()))
    # A project seen for the first time is a baseline: it is no change, but it is no standstill either.
    return (
        "nothing changed" if not outcomes.get("found") else "no change to what was known (a first sight is a baseline)"
    )
