"""Where a scan's facts come from, where no index is asked: a dataset, or the inputs alone. Each is one to ask."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from packaging.utils import NormalizedName

from audit.access import Dataset
from audit.scan.offline import make_dataset
from audit.scan.pins import Input


@contextmanager
def of_dataset(path: Path, projects: Sequence[NormalizedName]) -> Iterator[Dataset]:
    """What a dataset holds of the projects.

    Raises:
        DatasetError: there is none at ``path``, or it is damaged.
    """
    with Dataset(path, projects=projects) as dataset:
        yield dataset


@contextmanager
def of_inputs(inputs: Sequence[Input], now: datetime) -> Iterator[Dataset]:
    """What the inputs themselves tell; their projects count as asked for.

    Raises:
        DatasetError: the system's temporary folder cannot be written.
    """
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "dataset")
        make_dataset(made, inputs, now)
        with Dataset(made) as dataset:
            yield dataset
