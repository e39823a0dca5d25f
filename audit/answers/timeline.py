"""A project's releases as a timeline for a person."""

import itertools
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from audit.answers.text import folded, plain
from audit.answers.values import human_lag, utc
from audit.counting import counted

Row = Mapping[str, Any]

MOST_NAMED = 4
# The indent at which a release's line continues: below its count of files.
_RELEASE_INDENT = 32
# The indent of a release's picks: below its date.
_PICKS_INDENT = " " * 6


def release_lines(rows: Iterable[Row], width: int) -> Iterator[str]:
    """A line for each release, in the rows' order; late ones are marked with ``!`` and counted by reason.

    Where only some files have an upload time, the others are counted: nothing is known of their lag.
    A line longer than ``width`` characters continues on the next, indented.
    """
    for version, group in itertools.groupby(rows, key=lambda row: row["version"]):
        files = list(group)
        times = [row["uploaded_at"] for row in files if row["uploaded_at"] is not None]
        late = [row for row in files if row["is_late"]]
        untimed = len(files) - len(times)
        count = counted(len(files), "file") + (f", {untimed:,} with no time" if times and untimed else "")
        line = f"{plain(version):16} {_day(min(times, default=None))}  {count:>9}{_late(late) if late else ''}"
        yield folded(line, width, start="! " if late else "  ", indent=_RELEASE_INDENT)


def grown_lines(rows: Iterable[Row], picks: Iterable[Row], environments: Sequence[str], width: int) -> Iterator[str]:
    """The line of each release as in `release_lines`, and below it the files picked from it as in `pick_lines`.

    The picks of each release are in the order of their environments. A single environment is not named.
    """
    inner = max(width - len(_PICKS_INDENT), 1)
    picked: dict[str, list[Row]] = {}
    for row in picks:
        picked.setdefault(row["version"], []).append(row)
    for version, group in itertools.groupby(rows, key=lambda row: row["version"]):
        yield from release_lines(group, width)
        lines = list(pick_lines(picked.get(version, []), environments, inner))
        for line in lines[1:] if len(environments) == 1 else lines:
            yield textwrap.indent(line, _PICKS_INDENT)


def file_lines(rows: Iterable[Row], width: int) -> Iterator[str]:
    """A line for each file in upload order: time, lag, name; a late one says why and in which batch.

    A line longer than ``width`` characters continues on the next, below the name.
    """
    for row in rows:
        time = "no upload time" if row["uploaded_at"] is None else _minute(row["uploaded_at"])
        lag = "" if row["lag_us"] is None else f"+{human_lag(row['lag_us'])}"
        start = f"{'!' if row['is_late'] else ' '} {time:16} {lag:>10}  "
        remarks = [f"{row['reason']}, batch {row['batch']}"] if row["is_late"] else []
        remarks += [row["signs"]] if row["signs"] else []
        remarks += ["yanked"] if row["is_yanked"] else []
        line = f"{row['filename']}  [{'; '.join(remarks)}]" if remarks else row["filename"]
        yield folded(line, width, start=start, indent=len(start))


def _late(files: list[Row]) -> str:
    longest = max(row["lag_us"] for row in files)
    signs = sorted({row["signs"] for row in files if row["signs"]})
    text = f"; {len(files):,} late, up to {human_lag(longest)}: {_counted(row['reason'] for row in files)}"
    return f"{text} [{'; '.join(signs)}]" if signs else text


def pick_lines(rows: Iterable[Row], environments: Iterable[str], width: int) -> Iterator[str]:
    """For environments with the same picks: their names, and a line for each picked file that says until when.

    Of more than ``MOST_NAMED`` environments only some are named, with the count of all.
    """
    picked = {
        environment: list(group) for environment, group in itertools.groupby(rows, lambda row: row["environment"])
    }
    same: dict[tuple[str, ...], list[str]] = {}
    for environment in environments:
        lines = tuple(_pick(row, width) for row in picked.get(environment, []))
        same.setdefault(lines, []).append(environment)
    for lines, names in same.items():
        some = f"{counted(len(names), 'environment')}, such as {', '.join(names[:MOST_NAMED])}"
        yield folded(some if len(names) > MOST_NAMED else ", ".join(names), width)
        yield from lines or ["  no file of it can be picked there"]


def _pick(row: Row, width: int) -> str:
    until = row["replaced_at"]
    start = f"  until {_minute(until)}  " if until else f"  since {_minute(row['picked_at'])}  "
    line = row["filename"] if row["is_wheel"] else f"{row['filename']}  [sdist: built]"
    return folded(line, width, start=start, indent=len(start))


def _counted(reasons: Iterable[str]) -> str:
    return ", ".join(f"{len(list(same))} {reason}" for reason, same in itertools.groupby(sorted(reasons)))


def _minute(time: datetime) -> str:
    return utc(time)[:16].replace("T", " ")


def _day(time: datetime | None) -> str:
    return "no time   " if time is None else utc(time)[:10]
