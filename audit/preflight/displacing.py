"""Which picks the new files would change: the index's files and the new ones form a dataset, asked like any other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from packaging.utils import NormalizedName

from audit.crawl.given import index_page, tables_of
from audit.dataset.dataset import Dataset
from audit.findings.level import Level
from audit.preflight.built import BuiltFile
from audit.preflight.checks import Set, SetFinding, listing
from audit.preflight.choice import Check
from audit.preflight.listed import ListedFile
from audit.preflight.states import State, Verdict
from audit.queries.environments import select

# In the order of the environments. A file picked after the upload that is not new was picked before it.
_CHANGED: Final = """
    with history as (
        select * from pick_history(environment_ := $environment, project_ := $project, version_ := $version)
    )
    select
        now.filename,
        before.filename as filename_before,
        effect_of(before.is_wheel, now.is_wheel) as effect,
        list(now.environment order by environment.environment_number) as environments
    from history as now
    join environments as environment using (environment)
    left join history as before on before.environment = now.environment and before.replaced_at = now.picked_at
    where now.picked_at = $at
    group by now.filename, before.filename, effect
    order by effect != 'displaces', effect, length(environments) desc, now.filename, filename_before
"""
_INSTANT: Final = timedelta(microseconds=1)
# The states in which a file may join a release.
_JOINING: Final = frozenset({State.JOINS, State.SECOND_SDIST, State.NAME_USED_BEFORE})


# The text for each effect; if nothing was picked before, no user loses anything.
_BY_EFFECT: Final = {
    "displaces": (Check.DISPLACES, Level.WARNING, "; only a hash pin protects from that"),
    "builds-no-more": (Check.BUILDS_NO_MORE, Level.NOTE, ", which had to be built"),
    "other-sdist": (Check.OTHER_SDIST, Level.NOTE, ""),
}


@dataclass(frozen=True, slots=True)
class Displacement:
    """A new file that would be picked where another one, or none, is picked now; ``effect`` as in ``effect_of``."""

    filename: str
    filename_before: str | None
    effect: str
    environments: Sequence[str]


def check_displacing(sets: Sequence[Set], at: datetime, environment: str) -> list[SetFinding]:
    """What the files that would be accepted displace in existing releases; see `displacements`."""
    return [found for each in sets for found in _of_set(each, at, environment)]


def _of_set(each: Set, at: datetime, environment: str) -> Iterator[SetFinding]:
    new = [state.file for state in each.states if state.state in _JOINING and state.verdict is not Verdict.REFUSED]
    there = each.listed.of(each.release) if each.release is not None else []
    if each.release is None or not there:
        return
    whole = len(select(environment))
    for one in displacements(each.project, each.release, there, new, at, environment):
        if one.effect not in _BY_EFFECT:
            continue
        check, level, why = _BY_EFFECT[one.effect]
        count = f"{len(one.environments):,} of {whole:,} environment{'' if whole == 1 else 's'}"
        where = f"{count} ({listing(one.environments, 3)})"
        yield replace(
            each.finding(check, level, f"picked instead of {one.filename_before} in {where}{why}"),
            filename=one.filename,
            filename_before=one.filename_before,
            environments=one.environments,
        )


def displacements(
    project: NormalizedName,
    version: str,
    there: Sequence[ListedFile],
    new: Sequence[BuiltFile],
    at: datetime,
    environment: str,
) -> list[Displacement]:
    """What installers would pick from a release once the ``new`` files are beside the existing ones, ``there``.

    ``environment`` is today, past, all, this, or the name of one. If the index has no upload times, existing files
    count as older than new ones. One row for each new file, file picked before and effect: worst effect first.

    Raises:
        UsageError: there is no such environment.
        DatasetError: the system's temporary folder cannot be written.
    """
    select(environment)  # an empty answer for a wrong name would look like a good one
    if not new:
        return []
    files = [*(_there(file, at) for file in there), *(_new(file, at) for file in new)]
    tables = tables_of({project: index_page(project, [version], files)}, at)
    with Dataset.of_tables(tables) as dataset:
        asked = {"project": project, "version": version, "at": at, "environment": environment}
        rows = dataset.sql(_CHANGED, asked).rows()
    return [Displacement(**row) for row in rows]


def _there(file: ListedFile, at: datetime) -> dict[str, object]:
    """A listed file: only that it came before the new ones matters, not when."""
    before = at - _INSTANT
    uploaded_at = before if file.uploaded_at is None else min(file.uploaded_at, before)
    return {
        "filename": file.filename,
        "hashes": {},
        "upload-time": uploaded_at,
        "requires-python": file.requires_python,
        "yanked": bool(file.is_yanked),
    }


def _new(file: BuiltFile, at: datetime) -> dict[str, object]:
    return {
        "filename": file.filename,
        "hashes": {"sha256": file.sha256},
        "upload-time": at,
        "requires-python": str(file.requires_python) or None,
        "yanked": False,
    }
