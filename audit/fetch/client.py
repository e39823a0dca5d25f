"""The HTTP client and its manners."""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from netrc import NetrcParseError
from platform import python_version
from urllib.request import getproxies

import httpx

import audit
from audit.errors import UsageError
from audit.fetch.transport import Client

_PROXIED = ("all", "http", "https")
# The variables that pip's and requests' users set, strongest first.
_CA_VARIABLES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


@dataclass(frozen=True, slots=True)
class Manners:
    """How requests are made; seconds throughout.

    ``read_timeout`` bounds the silence between two pieces of an answer, ``total_timeout`` the whole answer;
    ``longest_pause`` is the most that a Retry-After is obeyed for. ``rate`` is requests a second (None: as they come).
    """

    workers: int = 4
    contact: str | None = None
    rate: float | None = None
    attempts: int = 5
    connect_timeout: float = 15.0
    read_timeout: float = 30.0
    total_timeout: float = 300.0
    longest_pause: float = 900.0
    body_limit_bytes: int = 256 * 1024 * 1024

    @property
    def user_agent(self) -> str:
        """Tool, version, and whom to write to."""
        contact = f"; {self.contact}" if self.contact else ""
        return f"release-audit/{audit.__version__} (Python {python_version()}{contact})"


def open_client(manners: Manners, auth: httpx.Auth | tuple[str, str] | None = None) -> httpx.AsyncClient:
    """A client that keeps to the manners, follows no redirect by itself and takes proxies from the environment.

    ``auth`` None: what the user's netrc says of the host, if there is one.

    Raises:
        UsageError: the environment names a proxy or a bundle of certificates that cannot be used.
    """
    _check_proxies()
    return Client(
        auth=auth or _netrc(),
        headers={"User-Agent": manners.user_agent, "Accept-Encoding": "gzip"},
        follow_redirects=False,
        limits=httpx.Limits(max_connections=manners.workers, max_keepalive_connections=manners.workers),
        timeout=httpx.Timeout(manners.read_timeout, connect=manners.connect_timeout, pool=None),
        verify=_tls(os.environ),
    )


def _check_proxies() -> None:
    """Holds that the transport speaks with each proxy; no message repeats an address, which may hold a password."""
    for scheme in _PROXIED:
        told = getproxies().get(scheme, "")
        if not told:
            continue
        try:
            proxy = httpx.URL(told if "://" in told else f"http://{told}")
        except httpx.InvalidURL:
            raise UsageError(
                f"the proxy for {scheme} does not parse: set {scheme.upper()}_PROXY to http://HOST:PORT"
            ) from None
        if proxy.scheme not in {"http", "https"}:
            raise UsageError(
                f"the proxy for {scheme} speaks {proxy.scheme[:20]!r}, only http and https proxies can be used: "
                f"set {scheme.upper()}_PROXY to http://HOST:PORT"
            )


def _netrc() -> httpx.Auth | None:
    try:
        return httpx.NetRCAuth(os.environ.get("NETRC") or None)
    except (OSError, ValueError, NetrcParseError):  # no netrc, or none that parses: then there are no credentials
        return None


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
