"""One measured process: what it says, how long it took, and the most memory that it and its children held."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parent.parent
_SAMPLED_EVERY = 0.05
_LONGEST = 1800.0


@dataclass(frozen=True, slots=True)
class Run:
    """``printed`` is the JSON that the process printed. The peak is of its tree; 0: it was not watched."""

    printed: Mapping[str, Any]
    peak_bytes: int

    @property
    def seconds(self) -> float:
        """The seconds that the process itself measured: its work, without its start-up."""
        return float(self.printed["seconds"])

    @property
    def cpu_seconds(self) -> float:
        """The processor time that it took, with its children: on a busy machine this says more than the clock."""
        return float(self.printed["cpu_seconds"])

    @property
    def times(self) -> str:
        """Its seconds, of the clock and of processors, for a table."""
        return f"{self.seconds:.1f} s ({self.cpu_seconds:.1f} s of processors)"

    @property
    def rate(self) -> float:
        """Documents a second."""
        return float(self.printed["documents"]) / self.seconds


def run(module: str, arguments: Sequence[object], *, is_watched: bool = True) -> Run:
    """Runs a module of the benchmarks in a process of its own.

    Watching its memory costs a part of a core, more for more processes: where the clock is all that counts, leave it.

    Raises:
        RuntimeError: it fails, or takes longer than half an hour.
    """
    answer, peak = _ran(f"benchmarks.{module}", arguments, is_watched=is_watched)
    return Run(json.loads(answer), peak)


def run_twice(module: str, arguments: Sequence[object]) -> Run:
    """Runs a module for its seconds, and once more for its peak, because watching makes it slower.

    Raises:
        RuntimeError: it fails, or takes longer than half an hour.
    """
    timed = run(module, arguments, is_watched=False)
    return Run(timed.printed, run(module, arguments).peak_bytes)


def run_program(arguments: Sequence[object]) -> Run:
    """Runs the program itself, as a user does; its seconds include the start-up.

    Raises:
        RuntimeError: it fails, or takes longer than half an hour.
    """
    began = time.perf_counter()
    _, peak = _ran("audit", arguments, is_watched=True)
    return Run({"seconds": time.perf_counter() - began}, peak)


def run_other(command: Sequence[object], environment: Mapping[str, str] | None = None) -> Run:
    """Runs any program, as its user does; its seconds, of the clock and of processors, include the start-up.

    Raises:
        RuntimeError: it fails; says the last of what it said.
    """
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ended = subprocess.run(
        [*map(str, command)], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=_LONGEST, check=False
    )
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ended.returncode:
        raise RuntimeError(f"{command[0]} ended with {ended.returncode}: {ended.stderr[-2_000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run({"seconds": seconds, "cpu_seconds": cpu}, 0)


def _ran(module: str, arguments: Sequence[object], *, is_watched: bool) -> tuple[str, int]:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, text=True) as process:
        peak = _watch(process, began) if is_watched else 0
        answer, _ = process.communicate(timeout=_LONGEST)
    if process.returncode:
        raise RuntimeError(f"{module} ended with {process.returncode}")
    return answer, peak


def best_of(times: int, arguments: Sequence[str]) -> float:
    """The wall seconds of the quickest of so many runs of Python: what the rest took longer was the machine's doing.

    Raises:
        CalledProcessError: one fails.
    """
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=_environment(), stdout=subprocess.DEVNULL, check=True
        )
        best = min(best, time.perf_counter() - began)
    return best


def _environment() -> dict[str, str]:
    """Modules are compiled once, whatever the caller's environment says: compiling is not what is measured."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _watch(process: "subprocess.Popen[str]", began: float) -> int:
    """Samples the memory of the whole tree until the process ends; a page that several share is counted once."""
    peak, root = 0, psutil.Process(process.pid)
    while process.poll() is None:
        with suppress(psutil.Error):
            peak = max(peak, sum(map(_resident, (root, *root.children(recursive=True)))))
        if time.perf_counter() - began > _LONGEST:
            process.kill()
        time.sleep(_SAMPLED_EVERY)
    return peak


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:  # it has just ended
        return 0
