"""Every fault of one project's page, as a table: what the server does, and what must be recorded of it."""

import gzip
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from audit.model import LARGEST_DOCUMENT_BYTES
from tests.faults.documents import FAULTY, PAGE, document, file
from tests.faults.server import Behaviour, answer, head, hold_after, reset_after, say, trickle

HTML: Final = b"<html><body><h1>Oh no</h1></body></html>"
DOCUMENT: Final = document()
RELEASES: Final = b'{"info": {"name": "spam"}, "releases": {%b}}' % b",".join(map(b'"%d":[]'.__mod__, range(10**6)))


@dataclass(frozen=True)
class Fault:
    """One fault: the script of its page, and the row that the crawl must leave; ``attempts`` None: any number."""

    name: str
    script: Sequence[Behaviour]
    reason: str | None
    attempts: int | None = 1
    outcome: str = "failed"
    manners: Mapping[str, Any] = field(default_factory=dict)
    largest_bytes: int = LARGEST_DOCUMENT_BYTES
    promised_serial: int | None = None


def once(name: str, raw: bytes, reason: str | None, attempts: int = 1, **more: Any) -> Fault:
    """A fault that is an answer and then the end of the connection."""
    return Fault(name, [say(raw, is_last=True)], reason, attempts, **more)


def status(code: int, words: str, attempts: int, *headers: str) -> Fault:
    """A fault that is a status, with an HTML page."""
    raw = answer(HTML, *headers, status=f"{code} {words}", kind="text/html")
    return Fault(" ".join([str(code), *headers]), [say(raw)], f"http-{code}", attempts)


def body(name: str, raw: bytes, reason: str, *headers: str, **more: Any) -> Fault:
    """A fault that only the decoder sees."""
    return Fault(name, [say(answer(raw, *headers))], reason, **more)


def redirect(name: str, location: str, reason: str) -> Fault:
    """A redirect that must not be followed."""
    return Fault(name, [say(answer(b"", f"Location: {location}", status="302 Found"))], reason)


def accepted(name: str, raw: bytes, **more: Any) -> Fault:
    """An answer that looks odd and is right."""
    return Fault(name, [say(raw)], None, outcome="found", **more)


def lengthy(length: int, *more: str) -> bytes:
    """The head of an answer that promises this many bytes."""
    return head("HTTP/1.1 200 OK", "Content-Type: application/json", f"Content-Length: {length}", *more)


def bomb(gigabytes: int) -> bytes:
    """Zeros, compressed about a thousandfold."""
    coder = zlib.compressobj(9, zlib.DEFLATED, 31)
    # A full flush makes each piece independent, so that one of them can be sent again and again.
    first, again = (coder.compress(bytes(1 << 20)) + coder.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + again * (1024 * gigabytes - 1) + coder.flush()


def file_at(time: object) -> bytes:
    """A document whose one file was uploaded then."""
    return document(FAULTY, file("spam-1.0.tar.gz", upload_time_iso_8601=time))


CHUNKED: Final = head("HTTP/1.1 200 OK", "Content-Type: application/json", "Transfer-Encoding: chunked")
GZIP: Final = "Content-Encoding: gzip"
IMPATIENT: Final = {"read_timeout": 0.1}
HASTY: Final = {"project_time_limit": 0.3}
HALF: Final = DOCUMENT[: len(DOCUMENT) // 2]
LONG_AGO: Final = "Retry-After: Mon, 01 Jan 2001 00:00:00 GMT"
FAR_AHEAD: Final = "Retry-After: Fri, 01 Jan 2100 00:00:00 GMT"

STATUSES: Final = [
    status(429, "Too Many Requests", 2, "Retry-After: 7"),
    status(429, "Too Many Requests", 2, LONG_AGO),
    status(429, "Too Many Requests", 1, FAR_AHEAD),
    status(429, "Too Many Requests", 1, "Retry-After: 99999999999999999999"),
    status(429, "Too Many Requests", 2, "Retry-After: soon"),
    status(500, "Internal Server Error", 2),
    status(502, "Bad Gateway", 2),
    status(503, "Service Unavailable", 2, "Retry-After: 0"),
    status(403, "Forbidden", 1),
    status(206, "Partial Content", 1),
]
CONNECTIONS: Final = [
    Fault("reset before the answer", [reset_after(b"")], "reset", 2),
    Fault("reset in the headers", [reset_after(lengthy(9)[:-9])], "reset", 2),
    Fault("reset in the body", [reset_after(lengthy(len(DOCUMENT)) + HALF)], "body-cut", 2),
    once("closed before the answer", b"", "reset", 2),
    once("body shorter than promised", lengthy(len(DOCUMENT)) + HALF, "body-cut", 2),
    once("body longer than promised", lengthy(len(HALF)) + DOCUMENT, "not-http", 2),
    once("more after the body", answer(DOCUMENT) + b"more", "not-http", 2),
    once("chunked body cut in a chunk", CHUNKED + b"%x\r\n" % len(DOCUMENT) + HALF, "body-cut", 2),
    once("chunked body cut between chunks", CHUNKED + b"%x\r\n%b\r\n" % (len(HALF), HALF), "body-cut", 2),
    once("chunk with a size that is none", CHUNKED + b"zz\r\n" + DOCUMENT, "not-http", 2),
    once("not HTTP", b"SSH-2.0-OpenSSH_9.9\r\n\r\n", "not-http", 2),
    once("two lengths", lengthy(9, "Content-Length: 10") + DOCUMENT, "not-http", 2),
    once("a header that never ends", head("HTTP/1.1 200 OK", "X: " + "x" * 70_000), "not-http", 2),
    Fault("silence", [hold_after(b"")], "timeout", 2, manners=IMPATIENT),
    Fault("silence in the body", [hold_after(lengthy(len(DOCUMENT)) + HALF)], "timeout", 2, manners=IMPATIENT),
    Fault("byte by byte", [trickle(answer(DOCUMENT))], "timeout", 2, manners={"total_timeout": 0.3}),
    Fault("byte by byte, for a project's time", [trickle(answer(DOCUMENT))], "too-slow", manners=HASTY),
    Fault("silence, for a project's time", [hold_after(b"")], "too-slow", manners=HASTY),
    Fault(
        "silence, again and again, for a project's time",
        [hold_after(b"")],
        "too-slow",
        2,
        manners={"read_timeout": 2, "project_time_limit": 3},  # the second attempt is cut, also on a busy machine
    ),
]
BODIES: Final = [
    body("gzip cut", gzip.compress(DOCUMENT)[:-9], "bad-gzip", GZIP),
    body("gzip that is none", DOCUMENT, "bad-gzip", GZIP),
    body("gzip bomb", bomb(1), "too-large", GZIP),
    body("larger than the limit", b" " * ((1 << 20) + 1), "too-large", largest_bytes=1 << 20),
    body("a coding not asked for", DOCUMENT, "bad-coding", "Content-Encoding: br"),
    body("the right type, HTML inside", HTML, "not-json"),
    body("nothing", b"", "not-json"),
    body("JSON cut", HALF, "not-json"),
    body("wrong shape", b"[1, 2]", "wrong-shape"),
    body("900,000 nested arrays", b'{"x": ' + b"[" * 900_000 + b"]" * 900_000 + b"," + DOCUMENT[1:], "too-deep"),
    body("not UTF-8", DOCUMENT.replace(b"spam-1.0", b"spam-\xff1.0"), "not-utf-8"),
    body("half a surrogate pair", DOCUMENT.replace(b"spam-1.0", rb"spam-\ud800"), "mostly-set-aside"),
    body("another project", document("eggs"), "other-project"),
    body("filename that leads elsewhere", document(FAULTY, file("../../etc/passwd")), "mostly-set-aside"),
    body("filename that is absolute", document(FAULTY, file("/etc/passwd")), "mostly-set-aside"),
    body("filename of 1,001 characters", document(FAULTY, file(f"spam-1.0-{'x' * 988}.zip")), "mostly-set-aside"),
    body("version of 1,001 characters", document(version="1" * 1001), "mostly-set-aside"),
    body("a million versions", RELEASES, "too-many"),
    Fault("304 that nobody asked for", [say(answer(b"", status="304 Not Modified"))], "unasked-304"),
]
REDIRECTS: Final = [
    redirect("redirect loop", PAGE, "redirect-loop"),
    redirect("redirect to another host", "http://localhost:9/pypi/spam/json", "foreign-redirect"),
    redirect("redirect to another host, without scheme", "//localhost/pypi/spam/json", "foreign-redirect"),
    redirect("redirect to another port", "http://127.0.0.1:9/pypi/spam/json", "foreign-redirect"),
    redirect("redirect to a file", "file:///etc/passwd", "foreign-redirect"),
    redirect("redirect to a host that is none", "http://xn--/", "foreign-redirect"),
    redirect("redirect to a port that is none", "http://127.0.0.1:port/", "bad-redirect"),
]
STALE: Final = [
    Fault(
        "stale by its header",
        [say(answer(document(serial=5), "X-PyPI-Last-Serial: 5"))],
        "stale",
        3,
        "stale",
        promised_serial=6,
    ),
    Fault("stale by its body", [say(answer(document(serial=5)))], "stale", 3, "stale", promised_serial=6),
    Fault("stale by its body, as text", [say(answer(document(serial="5")))], "stale", 3, "stale", promised_serial=6),
    Fault(
        "fresh by its header, stale by its body",
        [say(answer(document(serial=5), "X-PyPI-Last-Serial: 6"))],
        "stale",
        1,
        "stale",
        promised_serial=6,
    ),
    Fault(
        "304 to a serial that moved", [say(answer(b"", status="304 Not Modified"))], "unasked-304", promised_serial=6
    ),
]
ACCEPTED: Final = [
    accepted("serial that is no number", answer(document(serial="many"))),
    accepted("time without zone", answer(file_at("2020-01-01T00:00:00"))),
    accepted("time that UTC cannot hold", answer(file_at("9999-12-31T23:59:59-23:59"))),
    accepted("time that is a number", answer(file_at(1577836800))),
    accepted(
        "two files with one name", answer(document(FAULTY, file("spam-1.0.tar.gz"), file("spam-1.0.tar.gz", size=11)))
    ),
    accepted("the wrong type, JSON inside", answer(DOCUMENT, kind="text/html")),
    accepted("serial as text", answer(document(serial="9"))),
    accepted("serial in the header that is no number", answer(DOCUMENT, "X-PyPI-Last-Serial: -1")),
    accepted("duplicate keys: the last one counts", answer(b'{"releases": {"0.1": []},' + DOCUMENT[1:])),
    accepted("fresh at the second answer", answer(document(serial=6)), promised_serial=6),
    once("one more answer after the body", answer(DOCUMENT) * 2, None, outcome="found"),
]
FAULTS: Final = [*STATUSES, *CONNECTIONS, *BODIES, *REDIRECTS, *STALE, *ACCEPTED]
