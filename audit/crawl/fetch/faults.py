"""What went wrong with a request, as a code: the transport's many exceptions become a few reasons."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp

from audit.errors import FetchError
from audit.masking import masked_text


class PassingFault(FetchError):
    """A fault that may be gone on the next try; ``retry_after`` is what the server asked for, in seconds."""

    def __init__(self, reason: str, detail: str, retry_after: float | None = None) -> None:
        super().__init__(reason, detail)
        self.retry_after = retry_after


# The first match counts.
_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (aiohttp.ClientConnectorCertificateError, "tls"),
    (aiohttp.ClientSSLError, "tls"),
    (aiohttp.ClientConnectorError, "connect"),
    (TimeoutError, "timeout"),
    (aiohttp.ClientPayloadError, "body-cut"),
    (aiohttp.ClientConnectionError, "reset"),
    (aiohttp.ClientResponseError, "not-http"),
)

# The advice for reasons where "check the address" would be wrong.
_ADVICE: Final = {
    "connect": "nothing answers there: check the host, the port and the proxy",
    "timeout": "check the host and the proxy, or try again later",
    "tls": "pip install would fail there too: see cert, client-cert and trusted-host of pip",
    "http-401": "it wants credentials: put a name and a password in netrc, in a keyring, or in the address",
    "http-403": "it refuses: check the credentials, a name and a password in netrc, in a keyring, or in the address",
    "http-407": "the proxy wants credentials: put a name and a password in its address",
}

# OpenSSL's codes for a certificate whose issuer is not trusted: X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT to
# X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE.
_UNKNOWN_ISSUER = range(18, 22)
# What a server says of the client certificate that it got, or did not get (RFC 8446, 6.2; OpenSSL's names).
_UNSHOWN = ("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED", "HANDSHAKE_FAILURE")

TRANSPORT_ERRORS = (aiohttp.ClientError, TimeoutError)


def fault_of(error: BaseException) -> FetchError:
    """The fault that a transport's exception means; a certificate fault is final."""
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return fault_of_status(error.status, None, datetime.now(UTC), "the proxy")
    if detail := next(filter(None, map(_tls_detail, _causes(error))), None):
        return FetchError("tls", detail)
    reason = next((reason for kind, reason in _REASONS if isinstance(error, kind)), "reset")
    message = masked_text(str(error))  # a proxy's address may hold a password
    detail = f"{type(error).__name__}: {message}" if message else type(error).__name__
    return FetchError(reason, detail) if reason == "tls" else PassingFault(reason, detail)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, its cause, and so on, each once: an error that is raised again may be its own cause."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _tls_detail(error: BaseException) -> str | None:
    """What is wrong with a certificate (the server's or the client's), and what to do; None: it is another error."""
    if not isinstance(error, ssl.SSLError) or isinstance(error, aiohttp.ClientError):  # aiohttp's say less
        return None
    if isinstance(error, ssl.SSLCertVerificationError):
        known = error.verify_code not in _UNKNOWN_ISSUER
        advice = "" if known else ": name a bundle that vouches for it in pip's cert (PIP_CERT, pip.conf)"
        return f"the certificate of the server is refused ({error.verify_message}){advice}"
    reason = error.reason or ""
    if "_ALERT_" not in reason or not any(word in reason for word in _UNSHOWN):
        return None
    alert = reason.partition("_ALERT_")[2].lower().replace("_", " ")
    return f"the server does not talk to us ({alert}): name the certificate that it wants in pip's client-cert"


def advice_of(reason: str, otherwise: str) -> str:
    """What a user can do about a fault; ``otherwise`` where its reason has no advice of its own."""
    return _ADVICE.get(reason, otherwise)


def fault_of_status(status: int, retry_after: str | None, now: datetime, who: str = "the index") -> FetchError:
    """The fault that an answer's status means; too many requests and server errors are temporary.

    ``who`` answered; a 407 is always from a proxy (RFC 9110, 15.5.8).
    """
    reason, detail = f"http-{status}", f"{'the proxy' if status == 407 else who} answered {status}"
    if status == 429 or status >= 500:
        return PassingFault(reason, detail, seconds_of(retry_after, now))
    return FetchError(reason, detail)


def seconds_of(retry_after: str | None, now: datetime) -> float | None:
    """A Retry-After header, which is seconds or a date (RFC 9110, 10.2.3), in seconds; None: missing or invalid."""
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
    ):  # strangers' text may raise any of these in the standard library's parser
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return max(0.0, (at - now).total_seconds())
