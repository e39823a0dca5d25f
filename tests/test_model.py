"""Crawl ids."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from audit.model import crawl_id_of, next_crawl_id, started_at


def test_an_id_is_the_utc_start() -> None:
    start = datetime(2026, 11, 23, 12, 15, 0, 999, tzinfo=timezone(timedelta(hours=2)))
    assert crawl_id_of(start) == "20261123T101500Z"
    assert started_at("20261123T101500Z") == datetime(2026, 11, 23, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "2026-11-23", "20261123T101500", "../x", "20261399T101500Z"])
def test_what_is_not_an_id(text: str) -> None:
    with pytest.raises(ValueError, match=r"crawl id|does not match"):
        started_at(text)


def test_ids_never_repeat_and_never_go_back() -> None:
    now = datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
    assert next_crawl_id(now, None) == "20261123T101500Z"
    assert next_crawl_id(now, "20261123T101500Z") == "20261123T101501Z"
    assert next_crawl_id(now, "20270101T000000Z") == "20270101T000001Z"
    assert next_crawl_id(now, "20261123T101459Z") == "20261123T101500Z"
