"""Faults of looks in words; pure."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from audit.crawl.fetch.faults import advice_of
from audit.doctor.conformance.evidence import Look
from audit.errors import DecodeError, FetchError


def missing(look: Look[Any]) -> str:
    """Why nothing could be read in a look."""
    if look.fault is None:
        return "is not there (404): check the address"
    if isinstance(look.fault, FetchError):
        return f"cannot be fetched ({look.fault}): {advice_of(look.fault.reason, 'check the address')}"
    return f"cannot be read: {look.fault}"


def reasons(looks: Iterable[Look[Any]]) -> str:
    """Why nothing could be read in looks, each reason once with its first case."""
    first: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for look in looks:
        if look.content is not None:
            continue
        fault = look.fault
        reason = fault.reason if isinstance(fault, FetchError | DecodeError) else "not there (404)"
        counts[reason] += 1
        first.setdefault(reason, f"{look.url} {missing(look)}")
    return "; ".join(f"{counts[reason]:,} x {reason}, such as {message}" for reason, message in first.items())
