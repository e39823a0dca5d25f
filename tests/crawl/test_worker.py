"""A batch of pages becomes one segment."""

import json
from math import inf
from pathlib import Path

import pytest
from packaging.utils import NormalizedName

from audit.crawl.worker import Job, decode_and_stage
from audit.dataset.staging import Plan, Staging
from audit.model import Api, Ask, Fetched, Page


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    staging = Staging(tmp_path / "staging")
    staging.begin(Plan("20261123T000000Z", "simple", "http://127.0.0.1/simple/"))
    return staging


def page(project: str, *filenames: str) -> Page:
    files = [{"filename": name, "hashes": {}} for name in filenames]
    return Page(Ask(NormalizedName(project)), Fetched(200, json.dumps({"versions": ["1.0"], "files": files}).encode()))


@pytest.mark.parametrize(("deadline", "outcome"), [(None, "found"), (inf, "found"), (0.0, "failed")])
def test_after_the_deadline_no_page_is_decoded(staging: Staging, deadline: float | None, outcome: str) -> None:
    pages = [page("spam", "spam-1.0.zip"), Page(Ask(NormalizedName("eggs")), Fetched(304))]
    results = decode_and_stage(Job(pages, Api.SIMPLE, staging.next_path(0), deadline=deadline))
    assert [(result.project, result.outcome) for result in results] == [("eggs", "unchanged"), ("spam", outcome)]
    assert results[1].reason == (None if outcome == "found" else "time-limit")
    assert staging.read("files").read_all().num_rows == (outcome == "found")


def test_what_is_set_aside_is_staged_with_its_project(staging: Staging) -> None:
    pages = [page("spam", "spam-1.0.zip", "spam-1.0.deb"), page("eggs", "eggs-1.0.deb", "spam-1.0.zip")]
    results = decode_and_stage(Job(pages, Api.SIMPLE, staging.next_path(0)))
    assert [(result.project, result.reason) for result in results] == [("eggs", "mostly-set-aside"), ("spam", None)]
    [row] = staging.read("set_aside").read_all().to_pylist()
    assert (row["project"], row["filename"], row["reason"]) == ("spam", "spam-1.0.deb", "unknown-ending")
