"""How far a running crawl is; every project asked for is counted once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from audit.model import INCOMPLETE, Outcome, Result


@dataclass(slots=True)
class Tally:
    """A running crawl: ``asked`` is all it was asked for, ``outcomes`` counts those that have ended."""

    asked: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    file_count: int = 0
    body_bytes: int = 0

    @property
    def ended(self) -> int:
        """Projects whose asking has ended."""
        return self.outcomes.total()

    @property
    def failed(self) -> int:
        """Projects that failed or were stale."""
        return sum(self.outcomes[outcome] for outcome in INCOMPLETE)

    def add(self, results: Iterable[Result]) -> None:
        """Counts results."""
        for result in results:
            self.outcomes[result.outcome] += 1
            self.file_count += result.file_count
            self.body_bytes += result.body_bytes
