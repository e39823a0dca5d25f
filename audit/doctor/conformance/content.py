"""Checks of what pages say about releases and files, except their times; pure."""

from typing import Final

from audit.doctor.conformance.check import FAIL, OK, SERIALS, WARN, Check, Judged, graded, pep, share
from audit.doctor.conformance.evidence import Evidence
from audit.findings.finding import Spec
from audit.model import Api


def _versions(evidence: Evidence) -> Judged | None:
    pages = [look.content for look in evidence.pages if look.content is not None]
    files = [version in page.unlisted for page in pages for version in page.file_versions]
    listed = sum(not is_unlisted for is_unlisted in files)
    if pages and all(len(page.versions) == len(page.unlisted) for page in pages) and files:
        return WARN, "no page has `versions`"
    return graded(listed, len(files), share(listed, files, "files belong to a version that `versions` lists"))


def _sizes(evidence: Evidence) -> Judged | None:
    sizes = evidence.column("size_bytes")
    given = sum(size is not None for size in sizes)
    return graded(given, len(sizes), share(given, sizes, "files have a size"))


def _hashes(evidence: Evidence) -> Judged | None:
    hashes = evidence.column("sha256")
    given = sum(digest is not None for digest in hashes)
    return graded(given, len(hashes), share(given, hashes, "files have a sha256"))


def _serials(evidence: Evidence) -> Judged | None:
    looks = [look for look in evidence.asked if look.content is not None and look.answer is not None]
    if not looks:
        return None
    headers = sum(look.answer is not None and look.answer.serial is not None for look in looks)
    bodies = sum(look.content is not None and look.content.serial is not None for look in looks)
    either = sum(
        (look.answer is not None and look.answer.serial is not None)
        or (look.content is not None and look.content.serial is not None)
        for look in looks
    )
    return graded(
        either, len(looks), f"of {len(looks):,} pages {headers:,} have a serial in a header, {bodies:,} in the body"
    )


def _stale(evidence: Evidence) -> Judged | None:
    """Checks for pages that are older than the root says."""
    if evidence.root.content is None:
        return None
    serials = evidence.root.content.serials
    pairs = [
        (
            serials.get(look.content.project),
            look.answer.serial if look.answer.serial is not None else look.content.serial,
        )
        for look in evidence.asked
        if look.content is not None and look.answer is not None
    ]
    known = [(promised, serial) for promised, serial in pairs if promised is not None and serial is not None]
    stale = sum(serial < promised for promised, serial in known)
    if not known:
        return None
    return (WARN if stale else OK), share(stale, known, "pages are older than the root says")


def _crawl(evidence: Evidence) -> Judged | None:
    if evidence.choice is None:
        return FAIL, evidence.refusal or "knows no project to ask for, as the root lists none: name one with --project"
    name = "JSON API" if evidence.choice.api is Api.JSON else "Index API"
    return (OK if evidence.choice.is_sure else WARN), f"asks the {name}: {evidence.choice.why}"


CHECKS: Final = (
    Check("versions", pep(700), "releases are read from names of files, those without a file are not seen", _versions),
    Check("sizes", pep(700), "a size is null, and a file that changes its size is not noticed by it", _sizes),
    Check("hashes", pep(691), "a sha256 is null, and a file that is replaced is not noticed by it", _hashes),
    Check("page serials", SERIALS, "an answer that a cache kept too long is taken for a new one", _serials),
    Check("fresh pages", SERIALS, "a crawl asks again, then counts the project as stale", _stale),
)
CRAWL: Final = Check("a crawl", Spec("--api auto", ""), "", _crawl)
