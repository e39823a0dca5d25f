"""The manners of requests, and what the environment says of the way to an index."""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from platform import python_version
from typing import Final
from urllib.request import getproxies, proxy_bypass

import httpx

import audit
from audit.errors import UsageError
from audit.fetch.transport import AiohttpTransport

_PROXIED = ("all", "http", "https")
# The variables that pip's and requests' users set, strongest first.
_CA_VARIABLES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")

LONGEST_CONTACT: Final = 200


@dataclass(frozen=True, slots=True)
class Manners:
    """How requests are made; seconds throughout.

    ``read_timeout`` bounds the silence between two pieces of an answer, ``total_timeout`` the whole answer;
    ``longest_pause`` is the most that a Retry-After is obeyed for. ``rate`` is requests a second (None: as they come).
    ``project_time_limit`` bounds all requests for one project together, redirects, further attempts and the pauses
    before them; what a Retry-After or the rate makes everybody wait for is not counted.

    Raises:
        UsageError: the contact holds what no header may.
    """

    workers: int = 4
    contact: str | None = None
    rate: float | None = None
    attempts: int = 5
    connect_timeout: float = 15.0
    read_timeout: float = 30.0
    total_timeout: float = 300.0
    project_time_limit: float = 120.0
    longest_pause: float = 900.0
    body_limit_bytes: int = 256 * 1024 * 1024

    def __post_init__(self) -> None:
        """Holds the contact against what a header may hold."""
        told = self.contact or ""
        if not told.isprintable() or len(told) > LONGEST_CONTACT:
            raise UsageError(
                f"the contact {told[:40]!r} does not fit: at most {LONGEST_CONTACT} characters, none of them a control "
                "character"
            )

    @property
    def user_agent(self) -> str:
        """Tool, version, and whom to write to."""
        contact = f"; {self.contact}" if self.contact else ""
        return f"release-audit/{audit.__version__} (Python {python_version()}{contact})"


def transport_of(manners: Manners) -> AiohttpTransport:
    """The transport that keeps to the manners, and takes proxies and certificates from the environment.

    Raises:
        UsageError: the environment names a proxy or a bundle of certificates that cannot be used.
    """
    _check_proxies()
    return AiohttpTransport(
        connections=manners.workers,
        connect_timeout=manners.connect_timeout,
        read_timeout=manners.read_timeout,
        total_timeout=manners.total_timeout,
        tls=_tls(os.environ),
        proxy_of=proxy_of,
    )


def proxy_of(scheme: str, host: str) -> str | None:
    """The proxy that the environment names for a host."""
    told = getproxies()
    proxy = told.get(scheme) or told.get("all")
    return None if proxy is None or proxy_bypass(host) else _with_scheme(proxy)


def _with_scheme(proxy: str) -> str:
    return proxy if "://" in proxy else f"http://{proxy}"


def _check_proxies() -> None:
    """Holds that the transport speaks with each proxy; no message repeats an address, which may hold a password."""
    for scheme in _PROXIED:
        told = getproxies().get(scheme, "")
        if not told:
            continue
        try:
            proxy = httpx.URL(_with_scheme(told))
        except httpx.InvalidURL:
            raise UsageError(
                f"the proxy for {scheme} does not parse: set {scheme.upper()}_PROXY to http://HOST:PORT"
            ) from None
        if proxy.scheme not in {"http", "https"}:
            raise UsageError(
                f"the proxy for {scheme} speaks {proxy.scheme[:20]!r}, only http and https proxies can be used: "
                f"set {scheme.upper()}_PROXY to http://HOST:PORT"
            )


def _tls(environment: Mapping[str, str]) -> ssl.SSLContext:
    """Verifies servers against the bundle that the environment names, else httpx's default."""
    variable = next((name for name in _CA_VARIABLES if environment.get(name)), None)
    if variable is None:
        return httpx.create_ssl_context()
    bundle = environment[variable]
    try:
        if os.path.isdir(bundle):
            return ssl.create_default_context(capath=bundle)
        return ssl.create_default_context(cafile=bundle)
    except OSError as error:  # an SSLError is one
        why = error.strerror or error
        raise UsageError(
            f"{variable}={bundle} is no bundle of certificates ({why}): name a PEM file or a folder"
        ) from None
