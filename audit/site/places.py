"""The path of each thing in the site, from its root; a stranger's name becomes a path only after a check."""

from typing import Final

from packaging.utils import is_normalized_name

from audit.queries import catalog
from audit.queries.catalog import Group, Query

# A file's name has at most 255 bytes, of which ".html" takes five.
_LONGEST: Final = 200


def query_path(query: Query) -> str:
    """The page of a statistic or a flag."""
    return f"{query.group}/{query.title}.html"


def definition_address(title: str, column: str) -> str:
    """The address of the definition of a query's column; a ``title`` belongs to one query only."""
    if title == "history":
        return f"history.html#{title}.{column}"
    return f"{query_path(catalog.load().find(title, Group.STATISTICS, Group.FLAGS))}#{title}.{column}"


def about_address(name: str) -> str:
    """The address of the text of a documentation page."""
    return f"words.html#about-{name}"


def view_address(name: str) -> str:
    """The address of a view's SQL."""
    return f"relations.html#{name}"


def data_path(title: str, ending: str) -> str:
    """The path of the file with a query's rows, by title."""
    return f"data/{title}.{ending}"


def has_page(project: str) -> bool:
    """Whether a project's name can be that of a page: normalized by PEP 503, and not too long for a file's name."""
    return is_normalized_name(project) and len(project) <= _LONGEST


def project_path(project: str) -> str:
    """The page of a project that can have one."""
    return f"projects/{project}.html"
