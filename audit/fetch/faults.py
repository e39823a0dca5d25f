"""What went wrong with a request, as a code: the transport's many exceptions become few reasons."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
import httpx

from audit.errors import FetchError


class PassingFault(FetchError):
    """A fault that may be gone at the next try; ``retry_after`` is what the server asked for, in seconds."""

    def __init__(self, reason: str, detail: str, retry_after: float | None = None) -> None:
        super().__init__(reason, detail)
        self.retry_after = retry_after


# The transport wraps most of aiohttp's errors in httpx's, several in one; the cause still tells them apart. What it
# does not know comes as it is. First match counts.
_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (aiohttp.ClientConnectorCertificateError, "tls"),
    (aiohttp.ClientSSLError, "tls"),
    (aiohttp.ClientConnectorError, "connect"),
    (TimeoutError, "timeout"),
    (aiohttp.ClientPayloadError, "body-cut"),
    (aiohttp.ServerDisconnectedError, "reset"),
    (aiohttp.ClientOSError, "reset"),
    (aiohttp.ClientConnectionError, "reset"),
    (aiohttp.ClientResponseError, "not-http"),
    (httpx.TimeoutException, "timeout"),
    (httpx.ConnectError, "connect"),
    # httpx follows no redirect here, but it looks where each would lead: to no address, or to no host.
    (httpx.RemoteProtocolError, "bad-redirect"),
    (UnicodeError, "bad-redirect"),
    (httpx.HTTPError, "reset"),
)
_FINAL = frozenset({"tls", "bad-redirect"})

TRANSPORT_ERRORS = (httpx.HTTPError, aiohttp.ClientError, TimeoutError, UnicodeError)


def fault_of(error: BaseException) -> FetchError:
    """The fault that a transport's exception tells; a bad certificate is final, and so is a bad redirect."""
    wrapped = error if isinstance(error, aiohttp.ClientError) else error.__cause__
    told = wrapped if isinstance(wrapped, aiohttp.ClientError | TimeoutError) else error
    reason = next((reason for kind, reason in _REASONS if isinstance(told, kind)), "reset")
    detail = f"{type(told).__name__}: {told}" if str(told) else type(told).__name__
    return FetchError(reason, detail) if reason in _FINAL else PassingFault(reason, detail)


def fault_of_status(status: int, retry_after: str | None, now: datetime) -> FetchError:
    """The fault that an answer's status tells; too many requests and server errors may pass."""
    reason, detail = f"http-{status}", f"the index answered {status}"
    if status == 429 or status >= 500:
        return PassingFault(reason, detail, seconds_of(retry_after, now))
    return FetchError(reason, detail)


def seconds_of(retry_after: str | None, now: datetime) -> float | None:
    """A Retry-After header, which is seconds or a date (RFC 9110, 10.2.3), in seconds; None: not told, or no sense."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except (
        ValueError,
        TypeError,
        IndexError,
        OverflowError,
    ):  # the standard library's parser meets strangers' text
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return max(0.0, (at - now).total_seconds())
