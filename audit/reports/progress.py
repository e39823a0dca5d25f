"""A crawl's progress: a live line on a terminal, one line a minute elsewhere, or JSON lines for machines."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TextIO

from rich.console import Console
from rich.filesize import decimal
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from audit.reports.format import LogFormat

SECONDS_BETWEEN_LINES = 60.0


@dataclass(frozen=True, slots=True)
class Step:
    """Where a crawl is: ``asked`` in all, ``ended`` so far, ``failed`` of those; ``body_bytes`` over the wire."""

    asked: int
    ended: int
    failed: int
    file_count: int
    body_bytes: int


Update = Callable[[Step], None]


@contextmanager
def crawl_progress(log_format: LogFormat, clock: Callable[[], float], out: TextIO | None = None) -> Iterator[Update]:
    """Gives what must be called with every step; ``clock`` counts seconds. Writes to standard error unless told."""
    stream = out or sys.stderr
    if log_format is LogFormat.TEXT and stream.isatty():
        with _live(stream) as update:
            yield update
    else:
        yield _lines(log_format, clock, stream)


def _lines(log_format: LogFormat, clock: Callable[[], float], stream: TextIO) -> Update:
    """A line a minute, the first after a minute: what ends sooner stays quiet. JSON tells every step."""
    began = last = clock()

    def update(step: Step) -> None:
        nonlocal last
        now = clock()
        if log_format is LogFormat.TEXT and now - last < SECONDS_BETWEEN_LINES:
            return
        last = now
        rate = step.ended / (now - began) if now > began else 0.0
        left = round((step.asked - step.ended) / rate) if rate else None
        print(_line(log_format, step, rate, left), file=stream, flush=True)

    return update


def _line(log_format: LogFormat, step: Step, rate: float, left: int | None) -> str:
    if log_format is LogFormat.JSON:
        told = {"event": "progress", **asdict(step), "per_second": round(rate, 1), "seconds_left": left}
        return json.dumps(told)
    still = "?" if left is None else f"{left // 60} min {left % 60} s"
    return (
        f"crawl: {step.ended:,} of {step.asked:,} projects, {step.file_count:,} files, {decimal(step.body_bytes)}, "
        f"{rate:,.0f}/s, {step.failed:,} failed, {still} left"
    )


class _Rate(ProgressColumn):
    """Projects a second, as rich measures them."""

    def render(self, task: Task) -> Text:
        """The rate; nothing before there is one."""
        return Text("" if task.speed is None else f"{task.speed:,.0f}/s")


@contextmanager
def _live(stream: TextIO) -> Iterator[Update]:
    columns = [
        TextColumn("crawl"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        _Rate(),
        TextColumn("{task.fields[told]}"),
        TimeRemainingColumn(compact=True),
    ]
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        task = progress.add_task("crawl", total=None, told="")

        def update(step: Step) -> None:
            told = f"{step.file_count:,} files {decimal(step.body_bytes)}"
            told += f" {step.failed:,} failed" if step.failed else ""
            progress.update(task, total=step.asked, completed=step.ended, told=told)

        yield update
