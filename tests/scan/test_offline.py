"""A dataset made from lock files."""

from datetime import UTC, datetime

from packaging.utils import NormalizedName

from audit.scan.offline import of_inputs
from audit.scan.pins import Input, Pin, PinnedBy, PinnedFile

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
LATE = datetime(2024, 6, 1, 0, 0, 0, 123456, tzinfo=UTC)
SPAM = NormalizedName("spam")


def locked(*files: PinnedFile, source: str = "uv.lock", project: NormalizedName = SPAM) -> Input:
    return Input(source, "uv.lock", [Pin(source, 1, project, "1.0", "", PinnedBy.HASH, files)])


def test_the_files_are_what_the_inputs_say() -> None:
    wheel = "spam-1.0-cp312-cp312-win_amd64.whl"
    first = PinnedFile("spam-1.0.tar.gz", "11" * 32, 7, FIRST)
    inputs = [
        locked(first, PinnedFile(wheel, "22" * 32)),
        locked(PinnedFile(wheel, "22" * 32, uploaded_at=LATE), source="pylock.toml"),
        locked(PinnedFile(None, "33" * 32), source="requirements.txt", project=NormalizedName("eggs")),
    ]
    with of_inputs(inputs, NOW) as dataset:
        rows = dataset.sql("select project, version, filename, sha256, size_bytes, lag_us from file_lags").rows()
        assert dataset.check() == []
    lag_us = (LATE - FIRST).days * 86_400_000_000 + 123456
    assert rows == [
        {
            "project": "spam",
            "version": "1.0",
            "filename": "spam-1.0.tar.gz",
            "sha256": "11" * 32,
            "size_bytes": 7,
            "lag_us": 0,
        },
        {
            "project": "spam",
            "version": "1.0",
            "filename": wheel,
            "sha256": "22" * 32,
            "size_bytes": None,
            "lag_us": lag_us,
        },
    ]


def test_inputs_that_name_no_files_make_an_empty_one() -> None:
    with of_inputs([], NOW) as dataset:
        assert dataset.describe().file_count == 0
