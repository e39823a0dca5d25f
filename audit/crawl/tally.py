"""The progress of a running crawl; every project asked for is counted once."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from audit.model import INCOMPLETE, Page, Result


@dataclass(slots=True)
class Tally:
    """A running crawl: ``asked`` counts all projects, ``ended`` those whose asking has ended.

    ``outcomes`` counts those that are staged, which is a little later, when their pages are decoded. ``file_count`` and
    ``body_bytes`` are what this run has received.
    """

    asked: int = 0
    ended: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    file_count: int = 0
    body_bytes: int = 0

    @property
    def staged(self) -> int:
        """Projects that are not asked for again if this crawl is resumed."""
        return self.outcomes.total()

    @property
    def failed(self) -> int:
        """Projects that failed or were stale, of those staged."""
        return sum(self.outcomes[outcome] for outcome in INCOMPLETE)

    def resume(self, outcomes: Mapping[str, int]) -> None:
        """Counts what an earlier crawl had staged, which this one resumes."""
        self.outcomes.update(outcomes)
        self.ended += sum(outcomes.values())

    def end(self, item: Page | Result) -> None:
        """Counts one whose asking has ended."""
        self.ended += 1
        self.body_bytes += item.body_bytes

    def stage(self, results: Iterable[Result]) -> None:
        """Counts results that have been staged."""
        for result in results:
            self.outcomes[result.outcome] += 1
            self.file_count += result.file_count
