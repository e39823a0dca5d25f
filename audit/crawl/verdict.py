"""Checks whether what a crawl staged may become the dataset's state; pure."""

from audit.counting import counted
from audit.crawl.fetch.faults import advice_of
from audit.dataset.counts import StagedCounts
from audit.errors import CrawlError
from audit.model import INCOMPLETE


def check_reached(staged: StagedCounts, place: str, advice: str) -> None:
    """Checks that a crawl that asked for projects had a usable answer for at least one of them.

    ``place`` says where they are, ``advice`` what to do if the most common reason has no advice of its own.

    Raises:
        CrawlError: it had none: the index is down, or the address is not an index. Such a crawl says nothing about any
            project.
    """
    asked = sum(staged.outcomes.values())
    if not asked or asked > sum(staged.outcomes.get(outcome, 0) for outcome in INCOMPLETE):
        return
    reasons = ", ".join(f"{count:,} x {reason}" for reason, count in sorted(staged.failures.items()))
    most = max(staged.failures, key=lambda reason: staged.failures[reason], default="")
    raise CrawlError(
        f"none of the {counted(asked, 'project')} asked for had a usable answer "
        f"({reasons}; the first: {staged.first_failure}): "
        f"nothing is committed; {advice_of(most, advice)} ({place}), then run it again"
    )
