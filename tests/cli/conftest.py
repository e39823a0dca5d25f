"""A small dataset with a late file, for the commands that read one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.dataset_builder import make_dataset

FILES = [
    {"filename": "spam-1.0.tar.gz", "uploaded_at": datetime(2024, 1, 1, tzinfo=UTC)},
    {"filename": "spam-1.0-1.zip", "uploaded_at": datetime(2024, 2, 1, tzinfo=UTC)},
]


@pytest.fixture
def sample(tmp_path: Path) -> str:
    return str(make_dataset(tmp_path / "sample", FILES))
