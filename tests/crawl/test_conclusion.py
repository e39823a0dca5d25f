"""The end of a crawl: which of the errors that ended it a user sees."""

import errno
from pathlib import Path

import pytest

from audit.crawl.conclusion import cause_of
from audit.errors import CrawlError, DatasetError

FULL = OSError(errno.ENOSPC, "Error writing bytes to file. Detail: [errno 28] No space left on device")


@pytest.mark.parametrize("error", [FULL, BaseExceptionGroup("", [ValueError(), ExceptionGroup("", [FULL])])])
def test_a_full_disk_names_the_dataset_and_says_it_once(error: BaseException) -> None:
    cause = cause_of(error, Path("data/pypi"))
    assert isinstance(cause, DatasetError)
    assert str(cause) == (
        "what was fetched cannot be staged in data/pypi (No space left on device): correct that and run again to resume"
    )


def test_an_error_of_the_program_stays_what_it_is() -> None:
    known, unknown = CrawlError("the index is down"), ValueError("a fault")
    assert cause_of(BaseExceptionGroup("", [unknown, known]), Path("data")) is known
    assert cause_of(BaseExceptionGroup("", [unknown]), Path("data")) is unknown
