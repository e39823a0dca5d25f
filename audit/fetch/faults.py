"""What went wrong with a request, as a code: the transport's many exceptions become few reasons."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from audit.errors import FetchError


class PassingFault(FetchError):
    """A fault that may be gone at the next try; ``retry_after`` is what the server asked for, in seconds."""

    def __init__(self, reason: str, detail: str, retry_after: float | None = None) -> None:
        super().__init__(reason, detail)
        self.retry_after = retry_after


# First match counts.
_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (aiohttp.ClientConnectorCertificateError, "tls"),
    (aiohttp.ClientSSLError, "tls"),
    (aiohttp.ClientConnectorError, "connect"),
    (TimeoutError, "timeout"),
    (aiohttp.ClientPayloadError, "body-cut"),
    (aiohttp.ClientConnectionError, "reset"),
    (aiohttp.ClientResponseError, "not-http"),
)

TRANSPORT_ERRORS = (aiohttp.ClientError, TimeoutError)


def fault_of(error: BaseException) -> FetchError:
    """The fault that a transport's exception tells; a bad certificate is final."""
    reason = next((reason for kind, reason in _REASONS if isinstance(error, kind)), "reset")
    detail = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return FetchError(reason, detail) if reason == "tls" else PassingFault(reason, detail)


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
