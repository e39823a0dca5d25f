"""The signs on the sample, each release looked at, and attestations through a crawl."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from audit.dataset.dataset import Dataset
from audit.model import Api
from tests.crawled import crawled
from tests.pages import file, record

SIGNS = ["is_superseded", "has_build_tag_without_base", "is_out_of_order", "lost_provenance"]
PROVENANCE = "https://index.invalid/integrity/spam"


def test_signs_of_the_sample_are_those_that_a_reader_looked_at(sample_of_index_api: Path) -> None:
    read = tomllib.loads((Path(__file__).parent / "read_signs.toml").read_text("utf-8"))["release"]
    with Dataset(sample_of_index_api) as sample:
        flagged = sample.query("suspicious-releases").rows()
    found = {(row["project"], row["version"]): [sign for sign in SIGNS if row[sign]] for row in flagged}
    assert found == {(r["project"], r["version"]): r["signs"] for r in read}


@pytest.fixture
def attested(tmp_path: Path) -> Path:
    """Release 1.0 with two attested files, and two late ones of which the first has none."""

    def at(time: str, name: str, **fields: Any) -> dict[str, Any]:
        return file(name, f"{time}T00:00:00.000000Z", **fields)

    files = [
        at("2025-01-01", "spam-1.0.tar.gz", provenance=PROVENANCE),
        at("2025-01-01", "spam-1.0-py3-none-any.whl", provenance=PROVENANCE),
        at("2025-03-01", "spam-1.0-1-py3-none-any.whl", provenance=None),
        at("2025-03-01", "spam-1.0-cp313-cp313-win32.whl", provenance=PROVENANCE),
    ]
    pages = tmp_path / "pages"
    record(pages, "spam", files, ["1.0"])
    return pages


def test_a_late_file_without_the_attestation_that_all_before_have(attested: Path, tmp_path: Path) -> None:
    with crawled(tmp_path / "data", attested, "spam") as dataset:
        late = dataset.query("late-files").rows()
        (release,) = dataset.query("suspicious-releases").rows()
    lost = {row["filename"]: row["lost_provenance"] for row in late}
    assert lost == {"spam-1.0-1-py3-none-any.whl": True, "spam-1.0-cp313-cp313-win32.whl": False}
    assert [sign for sign in SIGNS if release[sign]] == ["lost_provenance"]
    assert release["why"] == "1 late without an attestation though all before have one"


def test_the_json_api_has_no_attestations(attested: Path, tmp_path: Path) -> None:
    with crawled(tmp_path / "data", attested, "spam", api=Api.JSON) as dataset:
        assert {row["lost_provenance"] for row in dataset.query("late-files").rows()} == {None}
        assert dataset.query("suspicious-releases").rows() == []
