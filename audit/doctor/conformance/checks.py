"""All checks of an index, in the order in which they are shown."""

from typing import Final

from audit.doctor.conformance import content, documents, pages, root, times
from audit.doctor.conformance.check import Check

CHECKS: Final[tuple[Check, ...]] = (
    content.CRAWL,
    *root.CHECKS,
    *pages.CHECKS,
    *times.CHECKS,
    *content.CHECKS,
    *documents.CHECKS,
)
