"""Fetch: name -> bytes; the only user of the HTTP client."""

from audit.crawl.fetch.client import Manners
from audit.crawl.fetch.fetcher import Fetcher, open_fetcher

__all__ = ["Fetcher", "Manners", "open_fetcher"]
