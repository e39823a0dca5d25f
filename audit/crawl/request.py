"""What a crawl is asked to do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packaging.utils import NormalizedName

from audit.crawl.fetch import Manners
from audit.crawl.index import IndexAddress, options_of
from audit.model import Api


@dataclass(frozen=True, slots=True)
class CrawlRequest:
    """What to crawl, and how.

    ``projects`` None: every project that the index's root lists. ``api`` None: the one that the dataset was crawled
    through, else the one that the index has. ``is_full`` asks also for what has not changed, ``is_fresh`` drops what a
    killed crawl staged, ``only_failed`` asks for what failed last time. ``is_moved`` says that the index is the
    dataset's own at another address, ``may_vanish`` that everything that was known may be gone. ``time_limit`` is in
    seconds; ``record`` is a folder that keeps the pages as received. ``options`` are those that chose the projects, as
    a report shows them (None: made from the choice itself).
    """

    dataset: Path
    address: IndexAddress
    projects: Sequence[NormalizedName] | None
    api: Api | None = Api.JSON
    manners: Manners = field(default_factory=Manners)
    is_full: bool = False
    is_fresh: bool = False
    only_failed: bool = False
    is_moved: bool = False
    may_vanish: bool = False
    time_limit: float | None = None
    record: Path | None = None
    options: str | None = None

    @property
    def chosen_by(self) -> str:
        """How the projects were chosen, as options of the command line."""
        if self.only_failed:
            return "--retry-failed"
        return self.options or ("--whole-index" if self.projects is None else options_of(self.projects))
