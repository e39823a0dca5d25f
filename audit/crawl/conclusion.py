"""The end of every crawl: what is staged becomes the dataset's state, and is summed up."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from audit.crawl.verdict import check_reached
from audit.dataset.commit import commit
from audit.dataset.counts import count_generation, count_staged
from audit.dataset.mark import Mark, write_mark
from audit.dataset.numbers import numbers_of
from audit.dataset.staging import Plan, Staging
from audit.dataset.store import Store
from audit.errors import AuditError, CrawlError, DatasetError
from audit.model import Summary

# How many of the names that no project can have are shown, and how many characters of each.
_FIRST_SHOWN = 3
_LONGEST_SHOWN = 80


def conclude(
    store: Store,
    staging: Staging,
    plan: Plan,
    mark: Mark,
    *,
    place: str,
    advice: str = "check the address and the network",
    request_count: int = 0,
    misnamed: Sequence[str] = (),
) -> Summary:
    """Commits what is staged, with the dataset's ``mark``.

    ``place`` is where the pages came from, and ``advice`` what to do if none was usable; ``misnamed`` are the names
    in the index's root that no project can have.

    Raises:
        CrawlError: no project had a usable answer; nothing is committed, and the staging is dropped.
        DatasetError: the dataset cannot be written; it is as it was.
    """
    staged = count_staged(staging)
    try:
        check_reached(staged, place, advice)
    except CrawlError:  # if it were resumed, these failures would be taken as answers
        staging.clear()
        raise
    _write_mark(store, mark)
    generation = commit(store, staging, plan, numbers_of)
    counts = count_generation(generation, plan.crawl_id)
    return Summary(
        crawl_id=plan.crawl_id,
        dataset=store.folder,
        asked=sum(staged.outcomes.values()),
        settled_count=staged.settled_count,
        outcomes=staged.outcomes,
        failures=staged.failures,
        first_names=staged.first_names,
        misnamed_count=len(misnamed),
        first_misnamed=[name[:_LONGEST_SHOWN] for name in misnamed[:_FIRST_SHOWN]],
        events=counts.events,
        request_count=request_count,
        body_bytes=staged.body_bytes,
        project_count=counts.project_count,
        release_count=counts.release_count,
        file_count=counts.file_count,
        untimed_file_count=counts.untimed_file_count,
        unlisted_release_count=counts.unlisted_release_count,
        set_aside_file_count=counts.set_aside_file_count,
        set_aside_field_count=counts.set_aside_field_count,
    )


def cause_of(error: BaseException, dataset: Path) -> BaseException:
    """Of the errors that ended the tasks of a crawl into ``dataset``, returns the one that a user can fix."""
    leaves = list(_leaves(error))
    leaf = next((each for each in leaves if isinstance(each, AuditError | OSError)), leaves[0])
    if isinstance(leaf, OSError):
        why = os.strerror(leaf.errno) if leaf.errno else leaf  # PyArrow's own text says it three times
        return DatasetError(
            f"what was fetched cannot be staged in {dataset} ({why}): correct that and run again to resume"
        )
    return leaf


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """The errors in a group of any depth, in its order; an error that is no group itself."""
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _leaves(each)
    else:
        yield error


def _write_mark(store: Store, mark: Mark) -> None:
    """Writes which index the dataset is of, just before its commit.

    Raises:
        DatasetError: it cannot be written.
    """
    try:
        write_mark(store.folder, mark)
    except OSError as error:
        why = error.strerror or error
        raise DatasetError(f"{store.folder} cannot be written ({why}): correct that and run again to resume") from error
