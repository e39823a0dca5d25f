"""A crawl's progress: a live line on a terminal, one line a minute elsewhere, or JSON lines for machines."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final, TextIO, cast

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
from rich.table import Column
from rich.text import Text

from audit.answers.format import LogFormat
from audit.counting import counted

SECONDS_BETWEEN_LINES: Final = {LogFormat.TEXT: 60.0, LogFormat.JSON: 10.0}


@dataclass(frozen=True, slots=True)
class Step:
    """A crawl's position: ``asked`` in all, ``ended`` so far, ``failed`` of those; ``body_bytes`` received."""

    asked: int
    ended: int
    failed: int
    file_count: int
    body_bytes: int


Update = Callable[[Step], None]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a crawl is, all in seconds; ``left`` None: not known yet."""

    elapsed: float
    per_second: float
    left: float | None


class Course:
    """The steps of one crawl, timed by a clock that counts seconds."""

    def __init__(self, clock: Clock) -> None:
        """Starts the crawl's time now; asking begins with the first step."""
        self._clock = clock
        self._began = clock()
        self._first: Step | None = None
        self._first_at = self._began
        self.last: Step | None = None

    def take(self, step: Step) -> None:
        """Notes a step."""
        if self._first is None:
            self._first, self._first_at = step, self._clock()
        self.last = step

    def pace(self) -> Speed:
        """The pace so far; projects that had ended before the first request are not counted."""
        now = self._clock()
        asking = now - self._first_at
        if self._first is None or self.last is None or asking <= 0:
            return Speed(now - self._began, 0.0, None)
        rate = (self.last.ended - self._first.ended) / asking
        left = (self.last.asked - self.last.ended) / rate if rate else None
        return Speed(now - self._began, rate, left)


class _Listener:
    """A stream that may be closed, such as a terminal or a pipe: that does not end the crawl."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:  # all other attributes of a stream that rich uses
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        with suppress(OSError):
            return self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


@contextmanager
def crawl_progress(
    log_format: LogFormat, clock: Clock, out: TextIO | None = None, *, label: str = "crawl"
) -> Iterator[Update]:
    """Yields what must be called with every step; ``clock`` counts seconds. Writes to standard error by default.

    ``label`` names what is running.
    """
    stream = cast("TextIO", _Listener(out or sys.stderr))
    is_live = log_format is LogFormat.TEXT and stream.isatty()
    course = Course(clock)
    with _live(course, stream, label) if is_live else _lines(log_format, course, clock, stream, label) as update:
        yield update


@contextmanager
def _lines(log_format: LogFormat, course: Course, clock: Clock, stream: TextIO, label: str) -> Iterator[Update]:
    """One line a minute, the first after a minute: a shorter crawl prints nothing.

    JSON has the first step, one every ten seconds, and the last.
    """
    printed_at = clock()
    printed: Step | None = None

    def print_step() -> None:
        nonlocal printed, printed_at
        if course.last is not None:
            printed, printed_at = course.last, clock()
            print(_line(log_format, course.last, course.pace(), label), file=stream, flush=True)

    def update(step: Step) -> None:
        course.take(step)
        is_first = printed is None and log_format is LogFormat.JSON
        if is_first or clock() - printed_at >= SECONDS_BETWEEN_LINES[log_format]:
            print_step()

    try:
        yield update
    finally:
        if log_format is LogFormat.JSON and printed != course.last:
            print_step()


def _line(log_format: LogFormat, step: Step, pace: Speed, label: str) -> str:
    if log_format is LogFormat.JSON:
        left = None if pace.left is None else round(pace.left)
        speed = {"seconds": round(pace.elapsed), "per_second": round(pace.per_second, 2), "seconds_left": left}
        return json.dumps({"event": "progress", **asdict(step), **speed})
    return (
        f"{label}: {step.ended:,} of {counted(step.asked, 'project')} in {_time(pace.elapsed)}, "
        f"{counted(step.file_count, 'file')}, "
        f"{decimal(step.body_bytes)}, {_rate(pace)}, {step.failed:,} failed, {_time(pace.left)} left"
    )


def _time(seconds: float | None) -> str:
    return "?" if seconds is None else str(timedelta(seconds=round(seconds)))


def _rate(pace: Speed) -> str:
    """Requests per second; per minute if there is less than one per second."""
    slow = pace.per_second < 1
    return f"{pace.per_second * 60:,.0f}/min" if slow else f"{pace.per_second:,.0f}/s"


class _SpeedColumn(ProgressColumn):
    """The rest of the line; it follows the clock even while nothing arrives."""

    def __init__(self, course: Course) -> None:
        super().__init__(Column(no_wrap=True, overflow="ellipsis"))
        self._course = course

    def render(self, task: Task) -> Text:  # noqa: ARG002 - everything is in the course
        """Speed, time so far, time left, and what was received; what may not fit on the line is last."""
        step = self._course.last
        if step is None:
            return Text("asking the index")
        pace = self._course.pace()
        failed = f", {step.failed:,} failed" if step.failed else ""
        return Text(
            f"{_rate(pace)}, {_time(pace.elapsed)} gone, {_time(pace.left)} left{failed}, "
            f"{counted(step.file_count, 'file')}, {decimal(step.body_bytes)}"
        )


@contextmanager
def _live(course: Course, stream: TextIO, label: str) -> Iterator[Update]:
    columns = [TextColumn(label), BarColumn(bar_width=10), MofNCompleteColumn(), _SpeedColumn(course)]
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        task = progress.add_task(label, total=None)

        def update(step: Step) -> None:
            course.take(step)
            progress.update(task, total=step.asked, completed=step.ended)

        yield update
