"""The HTTP client: httpx's API over aiohttp's transport, which is several times faster than httpx's own."""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from platform import python_version

import httpx
from httpx_aiohttp import HttpxAiohttpClient

import audit

MOST_WORKERS = 10
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
    """
    return HttpxAiohttpClient(
        auth=auth or _netrc(),
        headers={"User-Agent": manners.user_agent, "Accept-Encoding": "gzip"},
        follow_redirects=False,
        limits=httpx.Limits(max_connections=manners.workers, max_keepalive_connections=manners.workers),
        timeout=httpx.Timeout(manners.read_timeout, connect=manners.connect_timeout, pool=None),
        verify=_tls(os.environ),
    )


def _netrc() -> httpx.Auth | None:
    try:
        return httpx.NetRCAuth(os.environ.get("NETRC"))
    except (OSError, ValueError):  # no netrc, or none that parses: then there are no credentials
        return None


def _tls(environment: Mapping[str, str]) -> ssl.SSLContext:
    """Verifies servers against the bundle that the environment names, else httpx's default."""
    named = next((environment[name] for name in _CA_VARIABLES if environment.get(name)), None)
    if named is None:
        return httpx.create_ssl_context()
    return ssl.create_default_context(**({"capath": named} if os.path.isdir(named) else {"cafile": named}))
