"""Checks of an index's root; pure."""

from typing import Final

from audit.crawl.decode import Root
from audit.doctor.conformance.check import FAIL, OK, SERIALS, WARN, Check, Judged, graded, pep, share
from audit.doctor.conformance.evidence import Evidence, Look
from audit.doctor.conformance.telling import missing


def _is_there(evidence: Evidence) -> Judged:
    root: Look[Root] = evidence.root
    if root.content is not None:
        return OK, f"{root.url} lists {len(root.content.serials):,} projects"
    return (WARN if evidence.samples else FAIL), f"{root.url} {missing(root)}"


def _names(evidence: Evidence) -> Judged | None:
    root = evidence.root.content
    if root is None or not root.misnamed:
        return None
    return WARN, f"{len(root.misnamed):,} names that no project can have, such as {root.misnamed[0][:80]!a}"


def _serials(evidence: Evidence) -> Judged | None:
    if evidence.root.content is None:
        return None
    serials = evidence.root.content.serials
    given = sum(serial is not None for serial in serials.values())
    return graded(given, len(serials), share(given, len(serials), "projects have a serial in the root"))


CHECKS: Final = (
    Check("index root", pep(691), "crawl --whole-index needs it: name projects with --projects instead", _is_there),
    Check("root names", pep(503), "no crawl asks for them", _names),
    Check("root serials", SERIALS, "a second crawl must ask for every project, changed or not", _serials),
)
