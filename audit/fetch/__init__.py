"""Fetch: name -> bytes; the only user of the HTTP client."""

from audit.fetch.client import Manners, open_client
from audit.fetch.fetcher import Answer, Fetcher

__all__ = ["Answer", "Fetcher", "Manners", "open_client"]
