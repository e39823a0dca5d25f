"""Checks of the JSON API, and of its agreement with the Index API; pure."""

from typing import Final

from audit.crawl.decode import Decoded
from audit.doctor.conformance.check import OK, WAREHOUSE, WARN, Check, Judged, share
from audit.doctor.conformance.evidence import Evidence
from audit.doctor.conformance.telling import reasons

_COMPARED: Final = ("uploaded_at", "size_bytes", "sha256", "is_yanked", "requires_python")


def _is_there(evidence: Evidence) -> Judged | None:
    if not evidence.samples:
        return None
    read = sum(look.content is not None for look in evidence.documents)
    share_text = share(read, evidence.documents, "documents read")
    if read == len(evidence.documents):
        return OK, share_text
    if all(look.content is None and look.fault is None for look in evidence.documents):
        return WARN, f"{share_text}, none is there (404)"
    return WARN, f"{share_text}: {reasons(evidence.documents)}"


def _agree(evidence: Evidence) -> Judged | None:
    pairs = [(s.page.content, s.document.content) for s in evidence.samples if s.page.content and s.document.content]
    if not pairs:
        return None
    differing = [difference for page, document in pairs for difference in differences(page, document)]
    if not differing:
        return OK, f"both say the same about {sum(page.file_count for page, _ in pairs):,} files"
    return WARN, f"{len(differing):,} differences, such as {differing[0]}"


def differences(page: Decoded, document: Decoded) -> list[str]:
    """How two APIs differ on a project's files; a value that only one of them has is not a difference."""
    here, there = _by_name(page), _by_name(document)
    found = [f"only one of them lists {name[:80]!a}" for name in sorted(here.keys() ^ there.keys())]
    for name in sorted(here.keys() & there.keys()):
        for column in _COMPARED:
            one, other = here[name][column], there[name][column]
            if None not in {one, other} and one != other:
                found.append(f"{column} of {name[:80]!a}")
    return found


def _by_name(project: Decoded) -> dict[str, dict[str, object]]:
    rows = zip(*(project.files[name] for name in ("filename", *_COMPARED)), strict=True)
    return {str(name): dict(zip(_COMPARED, values, strict=True)) for name, *values in rows}


CHECKS: Final = (
    Check("JSON API", WAREHOUSE, "a crawl asks the Index API, which every index needs", _is_there),
    Check("both APIs agree", WAREHOUSE, "the numbers depend on --api", _agree),
)
