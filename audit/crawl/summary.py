"""What a crawl did, while it runs and in the end; every project asked for is counted once."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from audit.model import Outcome, Result

INCOMPLETE = frozenset({Outcome.STALE, Outcome.FAILED})


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


@dataclass(frozen=True, slots=True)
class Summary:
    """A crawl that has been committed to ``dataset``.

    ``outcomes`` adds up to ``asked``; ``failures`` counts failed and stale projects by reason; ``events`` counts
    changes by kind; ``request_count`` is every request for a page. The other counts are of the whole dataset now.
    """

    crawl_id: str
    dataset: Path
    asked: int
    outcomes: Mapping[str, int]
    failures: Mapping[str, int]
    events: Mapping[str, int]
    request_count: int
    body_bytes: int
    project_count: int
    release_count: int
    file_count: int
    untimed_file_count: int

    @property
    def is_complete(self) -> bool:
        """Whether every project asked for had a usable answer."""
        return not any(self.outcomes.get(outcome) for outcome in INCOMPLETE)
