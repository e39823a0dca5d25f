"""What crawls and imports share: everything that they commit is checked."""

from pathlib import Path

import pytest
import typer

from audit.answers.format import LogFormat
from audit.cli import INCOMPLETE
from audit.cli.running import tell_all
from tests.answers.test_crawl import summary
from tests.dataset_builder import make_dataset

# Of two crawls: what the first wrote does not hold, and the last asked for something else.
FILES = [{"project": f"p{number:02d}", "filename": f"{number}", "kind": "deb"} for number in range(30)]
COMPLETE = {"asked": 1, "outcomes": {"found": 1}, "failures": {}, "first_names": {}}


def test_of_one_crawl_what_it_wrote_is_checked_and_of_several_everything(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "data", FILES, crawls=[{"project": "other"}])
    done = summary(dataset=dataset, **COMPLETE)
    tell_all([done], LogFormat.TEXT, "")
    with pytest.raises(typer.Exit) as ended:
        tell_all([done, done], LogFormat.TEXT, "")
    assert ended.value.exit_code == INCOMPLETE
