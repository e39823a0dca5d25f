"""Crawl: joins index, fetch, decode and dataset into one run over an index."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audit.crawl.run import CrawlRequest, crawl
    from audit.crawl.tally import Tally

__all__ = ["CrawlRequest", "Tally", "crawl"]


def __getattr__(name: str) -> Any:
    """Loads what a crawl needs only where one is run: the process that decodes beside it must be ready soon."""
    if name not in __all__:
        raise AttributeError(name)
    from audit.crawl import run  # noqa: PLC0415 - see above

    return getattr(run, name)
