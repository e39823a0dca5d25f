"""A project's releases as a timeline that a person understands."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from audit.reports.text import plain
from audit.reports.values import human_lag, utc

Row = Mapping[str, Any]


def release_lines(rows: Iterable[Row]) -> Iterator[str]:
    """A line for each release, in the rows' order; what came late is marked with ``!`` and counted by reason."""
    for version, group in itertools.groupby(rows, key=lambda row: row["version"]):
        files = list(group)
        times = [row["uploaded_at"] for row in files if row["uploaded_at"] is not None]
        late = [row for row in files if row["is_late"]]
        line = f"{'!' if late else ' '} {plain(version):16} {_day(min(times, default=None))}  {len(files):4,} files"
        if late:
            longest = max(row["lag_us"] for row in late)
            line += f"; {len(late):,} late, up to {human_lag(longest)}: {_counted(row['reason'] for row in late)}"
            signs = sorted({row["signs"] for row in late if row["signs"]})
            line += f" [{'; '.join(signs)}]" if signs else ""
        yield line


def file_lines(rows: Iterable[Row]) -> Iterator[str]:
    """A line for each file in upload order: time, lag, name; a late one says why and in which batch."""
    for row in rows:
        time = "no time told" if row["uploaded_at"] is None else utc(row["uploaded_at"])[:16].replace("T", " ")
        lag = "" if row["lag_us"] is None else f"+{human_lag(row['lag_us'])}"
        line = f"{'!' if row['is_late'] else ' '} {time:16} {lag:>10}  {plain(row['filename'])}"
        told = [f"{row['reason']}, batch {row['batch']}"] if row["is_late"] else []
        told += [row["signs"]] if row["signs"] else []
        told += ["yanked"] if row["is_yanked"] else []
        yield f"{line}  [{'; '.join(told)}]" if told else line


def _counted(reasons: Iterable[str]) -> str:
    return ", ".join(f"{len(list(same))} {reason}" for reason, same in itertools.groupby(sorted(reasons)))


def _day(time: datetime | None) -> str:
    return "no time   " if time is None else utc(time)[:10]
