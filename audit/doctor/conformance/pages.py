"""Checks of how the pages of the Index API are sent; pure."""

from typing import Final

from audit.crawl.decode.api_version import KNOWN, parse_version
from audit.crawl.index.address import ACCEPT
from audit.doctor.conformance.check import FAIL, HTTP, OK, WARN, Check, Judged, graded, pep, share
from audit.doctor.conformance.evidence import Evidence
from audit.doctor.conformance.telling import reasons
from audit.model import Api

# Below this size compression gains nothing.
_WORTH_COMPRESSING: Final = 1024
_MOST_NAMED: Final = 3


def _are_read(evidence: Evidence) -> Judged | None:
    read = [look for look in evidence.pages if look.content is not None]
    if not evidence.samples:
        return None
    share_text = share(len(read), evidence.pages, "pages read")
    if len(read) == len(evidence.pages):
        files = sum(look.content.file_count for look in read if look.content)
        releases = sum(len(look.content.versions) for look in read if look.content)
        return OK, f"{share_text}: {files:,} files, {releases:,} releases"
    is_json = evidence.choice is not None and evidence.choice.api is Api.JSON
    return (WARN if read or is_json else FAIL), f"{share_text}: {reasons(evidence.pages)}"


def _set_aside(evidence: Evidence) -> Judged | None:
    odd = [each for project in evidence.projects() for each in project.set_aside]
    if not odd:
        return None
    files = sum(each.is_whole_file for each in odd)
    first = f"{odd[0].reason} in {odd[0].field} of {(odd[0].filename or 'the page')[:80]!a}"
    return WARN, f"{files:,} files and {len(odd) - files:,} fields do not fit, such as {first}"


def _kinds(evidence: Evidence) -> Judged | None:
    read = [look for look in evidence.index_looks if look.content is not None]
    odd = [look for look in read if look.kind != ACCEPT[Api.SIMPLE]]
    if not odd:
        return (OK, f"all are {ACCEPT[Api.SIMPLE]}") if read else None
    share_text = share(len(odd), read, "answers say that they are something else")
    kinds = ", ".join(f"{kind[:60]!a}" for kind in sorted({look.kind for look in odd})[:_MOST_NAMED])
    return WARN, f"{share_text}: {kinds}"


def _versions(evidence: Evidence) -> Judged | None:
    read = [look for look in evidence.index_looks if look.answer and look.answer.status == 200]
    found = {str(look.version)[:20] for look in read if look.version is not None}
    if not read or (not found and all(look.content is None for look in read)):
        return None
    if any(parse_version(version) is None for version in found) or any(look.version is None for look in read):
        return (
            WARN,
            f"given by {share(sum(look.version is not None for look in read), read, 'answers')}: {_listed(found)}",
        )
    newest = max(version for text in found if (version := parse_version(text)))
    if newest <= KNOWN:
        return OK, _listed(found)
    known = ".".join(map(str, KNOWN))
    return (FAIL if newest[0] > KNOWN[0] else WARN), f"{_listed(found)}, while {known} is the newest that is known here"


def _listed(found: set[str]) -> str:
    return ", ".join(map(ascii, sorted(found))) or "none"


def _tags(evidence: Evidence) -> Judged | None:
    read = [look for look in evidence.pages if look.content is not None]
    tagged = sum(look.answer is not None and look.answer.etag is not None for look in read)
    honoured = sum(look.again == 304 for look in read)
    message = f"{share(tagged, read, 'pages have an entity tag')}, {honoured:,} of them answer it with 304"
    return graded(honoured, len(read), message)


def _gzip(evidence: Evidence) -> Judged | None:
    answers = [look.answer for look in evidence.pages if look.answer and look.content is not None]
    large = [answer for answer in answers if answer.is_gzip or len(answer.body) >= _WORTH_COMPRESSING]
    coded = sum(answer.is_gzip for answer in large)
    return graded(coded, len(large), share(coded, large, "large pages come compressed"))


def _redirects(evidence: Evidence) -> Judged | None:
    answers = [look.answer for look in evidence.pages if look.answer and look.content is not None]
    turned = sum(bool(answer.redirect_count) for answer in answers)
    if not answers:
        return None
    return (WARN if turned else OK), share(turned, answers, "pages redirect to another address")


CHECKS: Final = (
    Check(
        "Index API", pep(691), "pages that cannot be read are counted as failed: their lags are not known", _are_read
    ),
    Check("odd files", pep(700), "they are set aside and counted, the rest is read", _set_aside),
    Check("content type", pep(691), "pip reads no page of another type; a crawl reads it if it is JSON", _kinds),
    Check("api-version", pep(629), "a greater minor is read with a warning, a greater major is refused", _versions),
    Check("entity tags", HTTP, "without them, and without serials, each crawl must read every page in full", _tags),
    Check("compression", HTTP, "an audit, and every installer, moves several times as many bytes", _gzip),
    Check("redirects", pep(503), "each costs one more request in every crawl", _redirects),
)
