"""Crawl: joins index, fetch, decode and dataset into one run over an index."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audit.crawl.request import CrawlRequest
    from audit.crawl.run import crawl
    from audit.crawl.tally import Tally

__all__ = ["CrawlRequest", "Tally", "crawl"]
_MODULES = {"CrawlRequest": "request", "Tally": "tally", "crawl": "run"}


def __getattr__(name: str) -> Any:
    """Loads what a crawl needs only when one is run: the process that decodes beside it must start quickly."""
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"audit.crawl.{_MODULES[name]}"), name)
