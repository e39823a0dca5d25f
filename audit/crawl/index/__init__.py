"""Index: where it is, and which of its projects to ask for."""

from audit.crawl.index.address import IndexAddress, resolve_address
from audit.crawl.index.names import options_of, parse_name, parse_projects_file

__all__ = ["IndexAddress", "options_of", "parse_name", "parse_projects_file", "resolve_address"]
