"""Whether a dataset holds the project and the version that a question names."""

from collections.abc import Mapping

from audit.dataset.engine import Engine
from audit.errors import UsageError, hint
from audit.queries.run import TABLES_SCHEMA, Relations


def check_held(engine: Engine, relations: Relations, whole: str, project: object, version: object) -> None:
    """Checks that there is this project (None: any), and this version of it (None: any).

    ``whole`` names the dataset in the message.

    Raises:
        UsageError: there is no such project or version. Says which name is close.
    """
    if project is None:
        return
    relations.define_tables(["projects", "releases"])
    _check_among(engine, whole, "from projects", "project", {"project": project}, f"no project {project!r}")
    if version is not None:
        named = {"project": project, "version": version}
        releases = f"from {TABLES_SCHEMA}.releases where project = $project"
        _check_among(engine, whole, releases, "version", named, f"no version {version!r} of {project}")


def _check_among(engine: Engine, whole: str, rows: str, column: str, named: Mapping[str, object], missing: str) -> None:
    """Checks that a row of ``rows`` has in ``column`` the name that ``named`` has; DuckDB finds close ones."""
    if engine.select(f"from ({rows}) where {column} = ${column}", named).num_rows:
        return
    nearest = f"from ({rows}) order by damerau_levenshtein({column}, ${column}), {column} limit 9"
    close = engine.select(nearest, named).column(column).to_pylist()
    raise UsageError(f"{whole} has {missing}: {hint(str(named[column]), close, 'crawl it first')}")
