"""Crawl: joins index, fetch, decode and dataset into one run over an index."""

from audit.crawl.run import CrawlRequest, crawl
from audit.crawl.tally import Tally

__all__ = ["CrawlRequest", "Tally", "crawl"]
