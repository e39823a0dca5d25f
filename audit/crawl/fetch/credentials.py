"""Credentials: which name and password go with which request, and never with another.

Each login is for the origin of its root (scheme, host and port); a request to another origin is never signed. If an
address has no password, netrc is asked first, and the keyring only when the index refuses: pip's order.
"""

import logging
from base64 import b64encode
from collections.abc import Sequence

import anyio
from anyio.to_thread import run_sync

from audit.crawl.fetch.keyrings import Keyring
from audit.crawl.fetch.netrc_file import Entries
from audit.masking import masked
from audit.urls import Login, parsed

_log = logging.getLogger(__name__)
_ADVICE = "over http it goes only to an index that you name with --index-url"


class Credentials:
    """The logins of one index, completed from netrc and the keyring; workers share it."""

    def __init__(self, logins: Sequence[Login], netrc: Entries, keyring: Keyring) -> None:
        """Netrc and keyring know hosts, not ports: over http they serve only what the user gave, `Login.is_own`.

        For the same reason netrc's default entry, which is for any host, is used only for that.
        """
        roots = sorted(((login.root, login) for login in logins), key=lambda place: -len(place[0]))
        self._places = roots + [(f"{parsed(login.root).origin()}/", login) for login in logins]
        self._keyring = keyring
        self._headers = {login.root: _header(login, netrc) for login in logins}
        self._refused: set[str] = set()
        self._turn = anyio.Lock()

    def header(self, url: str) -> str | None:
        """The header ``Authorization`` for a request; None: it gets none."""
        login = self._login(url)
        return None if login is None else self._headers[login.root]

    async def is_mended(self, url: str, sent: str | None) -> bool:
        """Whether the keyring, which is asked once, has other credentials than those that were ``sent`` and refused."""
        login = self._login(url)
        if login is None:
            return False
        async with self._turn:
            if login.root not in self._refused and self._headers[login.root] == sent:
                self._refused.add(login.root)
                found = await run_sync(self._asked, login)
                self._headers[login.root] = _basic(*found) if found else sent
        return self._headers[login.root] != sent

    def _login(self, url: str) -> Login | None:
        """The login of the root that the address is below, else of its origin; roots end with a slash."""
        return next((login for place, login in self._places if url.startswith(place)), None)

    def _asked(self, login: Login) -> tuple[str, str] | None:
        """What the keyring has for an address, else for its host."""
        if login.password is not None or not _may_complete(login):
            return None
        authority = parsed(login.root).raw_authority
        return self._keyring(login.root, login.user) or self._keyring(authority, login.user)


def _header(login: Login, netrc: Entries) -> str | None:
    if login.password is not None:
        return _basic(login.user or "", login.password)
    entry = _entry(login, netrc)
    if entry is not None:
        return _basic(*entry)
    return None if login.user is None else _basic(login.user, "")


def _entry(login: Login, netrc: Entries) -> tuple[str, str] | None:
    """What netrc has for the host, if it may be sent there."""
    entry = netrc.get(parsed(login.root).raw_host or "") or (netrc.get("") if login.is_own else None)
    if entry is None or not any(entry):
        return None
    if not _may_complete(login):
        _log.warning("netrc's password is not sent to %s, which a settings file names: %s", masked(login.root), _ADVICE)
        return None
    return entry


def _may_complete(login: Login) -> bool:
    return login.is_own or login.root.startswith("https:")


def _basic(user: str, password: str) -> str:
    """Basic authentication (RFC 7617), in UTF-8."""
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()
