"""Which projects a crawl asks for, and how."""

import pytest
from packaging.utils import NormalizedName

from audit.crawl.plan import failed_before, plan_asks, whole_index
from audit.dataset.known import Known
from audit.model import Api, Ask

A, B, C = (NormalizedName(name) for name in "abc")


def known(serial: int | None = 5, outcome: str = "found", api: str | None = "json", *, was_found: bool = True) -> Known:
    return Known(api, outcome, serial, '"tag"', was_found)


def plan(before: Known | None, serials: dict[NormalizedName, int | None] | None, *, is_full: bool = False) -> object:
    asks, unchanged = plan_asks([A], {A: before} if before else {}, serials, api=Api.JSON, is_full=is_full)
    return asks[0] if asks else unchanged[0]


def test_an_unknown_project_is_asked_for_with_its_promise() -> None:
    assert plan(None, {A: 7}) == Ask(A, promised_serial=7)
    assert plan(None, None) == Ask(A)


def test_a_serial_that_has_not_moved_needs_no_request() -> None:
    assert plan(known(5), {A: 5}) == A
    assert plan(known(5), {A: 4}) == A, "a root may be older than what we know"


def test_a_serial_that_moved_is_asked_for_without_condition() -> None:
    assert plan(known(5), {A: 6}) == Ask(A, promised_serial=6)
    assert plan(known(None), {A: 6}) == Ask(A, promised_serial=6)


def test_without_a_promise_the_request_is_conditional() -> None:
    assert plan(known(5), None) == Ask(A, etag='"tag"')
    assert plan(known(5), {B: 1}) == Ask(A, etag='"tag"')


def test_what_failed_is_another_api_or_full_is_asked_for_again() -> None:
    assert plan(known(5, "failed"), {A: 5}) == Ask(A, promised_serial=5)
    assert plan(known(5, "stale"), {A: 5}) == Ask(A, promised_serial=5)
    assert plan(known(5, api="simple"), {A: 5}) == Ask(A, promised_serial=5)
    assert plan(known(5), {A: 5}, is_full=True) == Ask(A, promised_serial=5)


def test_a_project_is_asked_for_once() -> None:
    asks, _ = plan_asks([A, B, A], {}, None, api=Api.JSON, is_full=False)
    assert [ask.project for ask in asks] == [A, B]


def test_the_whole_index_is_the_root_and_what_was_found_before() -> None:
    before = {B: known(), C: known(was_found=False)}
    assert whole_index([A], before) == [A, B]


def test_what_failed_before() -> None:
    assert failed_before({B: known(outcome="stale"), A: known(outcome="failed"), C: known()}) == [A, B]


def test_few_are_asked_for_as_given_and_many_nearly_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.crawl.plan._BLOCK", 3)
    ranked = [NormalizedName(name) for name in "fbdaec"]

    def order(wanted: list[NormalizedName]) -> str:
        return "".join(ask.project for ask in plan_asks(wanted, {}, None, api=Api.JSON, is_full=False)[0])

    assert order(ranked[:3]) == "fbd"
    assert order(ranked) == "bdf" + "ace", "the first of a ranked list come early"
