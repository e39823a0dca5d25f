"""Where each thing of the site lies, from its root; no name of a stranger's becomes a path before it was looked at."""

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
    """Where a column of a query is defined; a ``title`` is that of one query alone."""
    if title == "history":
        return f"history.html#{title}.{column}"
    return f"{query_path(catalog.load().find(title, Group.STATISTICS, Group.FLAGS))}#{title}.{column}"


def about_address(name: str) -> str:
    """Where the words on a page of the documentation stand."""
    return f"words.html#about-{name}"


def view_address(name: str) -> str:
    """Where the SQL of a view stands."""
    return f"relations.html#{name}"


def data_path(title: str, ending: str) -> str:
    """The rows of a query, by its title, as a file."""
    return f"data/{title}.{ending}"


def has_page(project: str) -> bool:
    """Whether a project's name can be that of a page: normalized by PEP 503, and not too long for a file's name."""
    return is_normalized_name(project) and len(project) <= _LONGEST


def project_path(project: str) -> str:
    """The page of a project that can have one."""
    return f"projects/{project}.html"
