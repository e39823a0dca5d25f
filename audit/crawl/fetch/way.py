"""The way to a host: through which proxy, and with which TLS; as pip does, with pip's configuration."""

import logging
import ssl
from dataclasses import dataclass
from functools import lru_cache
from urllib.request import getproxies

from audit.crawl.fetch.trust import Trust
from audit.errors import FetchError, UsageError
from audit.pip_settings import PipOptions, is_on
from audit.urls import SCHEMES, Origin, address_of, is_ambiguous, parsed

_PROXIED = ("all", "http", "https")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Way:
    """How requests go to one host; ``proxy`` may hold a password. ``tls`` None: neither host nor proxy uses TLS."""

    proxy: str | None
    tls: ssl.SSLContext | None


class Ways:
    """The ways to all hosts. pip's ``proxy`` overrides the environment's proxies and NO_PROXY."""

    def __init__(self, options: PipOptions) -> None:
        """Checks that the transport can use each configured proxy.

        Raises:
            UsageError: pip's configuration names a proxy or a host that cannot be used, or the environment does.
        """
        self._proxy = options.get("proxy")
        self._reads_environment = not self._proxy and not is_on(options, "no-proxy-env")
        self._trust = Trust(options, reads_environment=self._reads_environment)
        if self._proxy:
            _check(self._proxy, "proxy of pip (PIP_PROXY, pip.conf)")
        elif self._reads_environment:
            for scheme in _PROXIED:
                _check(getproxies().get(scheme, ""), f"{scheme.upper()}_PROXY")
        self.to = lru_cache(self._to)

    def _to(self, origin: Origin) -> Way:
        """The way to an origin; the first time, a warning says if certificates are not checked there.

        Raises:
            FetchError: ``tls``: host and proxy would need different checks of certificates.
            UsageError: a file of certificates cannot be used.
        """
        proxy, scheme = self._proxy_to(origin), origin[0]
        has_tls_proxy = proxy is not None and parsed(proxy).scheme == "https"
        if scheme != "https" or not self._trust.is_unchecked(origin):
            return Way(proxy, self._trust.checked if scheme == "https" or has_tls_proxy else None)
        if has_tls_proxy:
            raise FetchError("tls", f"trusted-host of pip names {origin[1]}: an https proxy cannot be used for it")
        _log.warning("certificates of %s are not checked: trusted-host of pip names it", address_of(origin))
        return Way(proxy, self._trust.unchecked)

    def _proxy_to(self, origin: Origin) -> str | None:
        if self._proxy:
            return _with_scheme(self._proxy)
        if not self._reads_environment or not getproxies():
            return None
        # Imported late, as most have no proxy: this is where pip reads NO_PROXY and the proxies.
        from requests.utils import get_environ_proxies, select_proxy  # noqa: PLC0415 - see above

        address = address_of(origin)
        proxy = select_proxy(address, get_environ_proxies(address, no_proxy=None))
        return _with_scheme(proxy) if proxy else None


def _with_scheme(proxy: str) -> str:
    return proxy if "://" in proxy else f"http://{proxy}"


def _check(address: str, source: str) -> None:
    """Checks that a proxy can be used; no message repeats its address, which may hold a password."""
    if not address:
        return
    address = _with_scheme(address)
    try:
        proxy = None if is_ambiguous(address) else parsed(address)
    except ValueError:
        proxy = None
    if proxy is None:
        raise UsageError(f"{source} cannot be parsed: set it to http://HOST:PORT")
    if proxy.scheme not in SCHEMES:
        raise UsageError(
            f"{source} speaks {proxy.scheme[:20]!r}, only http and https proxies can be used: "
            "set it to http://HOST:PORT"
        )
    if not _is_sendable(proxy.user or "", proxy.password or ""):
        raise UsageError(
            f"{source} has a name with a colon, or a name or a password beyond Latin-1, which cannot be sent: "
            "set it to http://HOST:PORT with others"
        )


def _is_sendable(user: str, password: str) -> bool:
    """Whether aiohttp can send them to a proxy."""
    try:
        (user + password).encode("latin-1")
    except UnicodeEncodeError:
        return False
    return ":" not in user
