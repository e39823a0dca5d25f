"""Content coding and type: from the body as received to the document, with never more than the limit in memory."""

from collections.abc import Iterator

from isal import isal_zlib

from audit.errors import DecodeError
from audit.model import LARGEST_DOCUMENT_BYTES

_GZIP_WINDOW = 31
_PIECE_BYTES = 1 << 20
# The bytes given to one call: the decompressor copies the rest. For the same reason members are counted.
_FED_BYTES = 1 << 16
_MOST_MEMBERS = 1024
# gzip grows at most about 1000 times: a body below this size is inflated without being measured first.
_HARMLESS_BYTES = 64 * 1024

# The reason code of a page that is HTML: an index that knows only PEP 503 answers so.
HTML = "html"
HTML_DETAIL = "the index answers with HTML (PEP 503), not with JSON (PEP 691): HTML has no upload times"


def is_html(content_type: str | None, error: DecodeError) -> bool:
    """Whether a body that is not JSON is HTML; the content type alone proves nothing, as many servers get it wrong."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    return kind in {"text/html", "application/vnd.pypi.simple.v1+html"} and error.reason in {"not-json", "not-utf-8"}


def inflate(body: bytes, *, is_gzip: bool) -> bytes:
    """The document in ``body``; a gzip body that would exceed `LARGEST_DOCUMENT_BYTES` is measured, never kept.

    Raises:
        DecodeError: ``too-large``; or ``bad-gzip``: the body is cut or damaged.
    """
    if not is_gzip:
        return _within(body)
    if len(body) > min(_HARMLESS_BYTES, LARGEST_DOCUMENT_BYTES):
        size = 0
        for piece in _pieces(body):
            size += len(piece)
            _check(size)
    return _within(b"".join(_pieces(body)))


def _within(document: bytes) -> bytes:
    _check(len(document))
    return document


def _check(size: int) -> None:
    if size > LARGEST_DOCUMENT_BYTES:
        raise DecodeError("too-large", f"the document is larger than {LARGEST_DOCUMENT_BYTES} bytes")


def _pieces(body: bytes) -> Iterator[bytes]:
    """Yields the document piece by piece, through every member of the gzip body (RFC 1952 allows several)."""
    view, at, members = memoryview(body), 0, 0
    try:
        while at < len(view):
            members += 1
            if members > _MOST_MEMBERS:
                raise DecodeError("bad-gzip", f"the compressed body has more than {_MOST_MEMBERS} members")
            member = isal_zlib.decompressobj(wbits=_GZIP_WINDOW)
            is_open = True
            while is_open:
                fed = view[at : at + _FED_BYTES]
                piece = member.decompress(fed, _PIECE_BYTES)
                is_open = not member.eof
                at += len(fed) - len(member.unconsumed_tail if is_open else member.unused_data)
                if is_open and not piece and at >= len(view):
                    raise DecodeError("bad-gzip", "the compressed body is cut")
                yield piece
    except isal_zlib.error as error:  # type: ignore[misc] # the stubs take the exception for a value
        raise DecodeError("bad-gzip", f"the compressed body is damaged: {error}") from error
