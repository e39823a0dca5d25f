"""Crawl: joins index, fetch, decode and dataset into one run over an index.

A page takes seven forms on its way to Parquet:

1. `Ask` (`audit.model`): a project to ask for, with the serial that the index promised and the entity tag to send.
2. `Fetched` (`audit.model`): the answer of one request, its body as received.
3. `Page` (`audit.model`): the two together, and how long it took. This is what the pipeline gathers into batches.
4. The document as typed structs (`audit.crawl.decode.json_api` and `simple_api`): the fields that are read, no more.
5. `Decoded` (`audit.crawl.decode.decoded`): the project with its releases and files, as columns of the dataset, and
   what was set aside. Both APIs end here.
6. `Result` (`audit.model`): how the asking ended, a row of `crawls`. A project that has no page begins here.
7. `Segment` (`audit.dataset.staging`): a batch's results, releases and files as columns. Written as one file of Arrow
   tables, it outlives a killed crawl; `audit.dataset.commit` merges the segments into the Parquet files.
"""

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
