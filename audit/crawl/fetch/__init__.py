"""Fetch: name -> bytes; the only user of the HTTP client."""

from audit.crawl.fetch.client import Manners
from audit.crawl.fetch.fetcher import Answer, Fetcher, open_fetcher

__all__ = ["Answer", "Fetcher", "Manners", "open_fetcher"]
