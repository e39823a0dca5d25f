"""Addresses, read by one parser, the same as the transport's; and which login belongs to which address."""

import re
from dataclasses import dataclass, field

from yarl import URL

__all__ = [
    "SCHEMES",
    "URL",
    "Login",
    "Origin",
    "address_of",
    "beside",
    "is_ambiguous",
    "login_of",
    "origin_of",
    "parsed",
]

_AT_AFTER_HOST = re.compile(r"://[^/?#]*[/?#].*@", re.DOTALL)
SCHEMES = frozenset({"http", "https"})
Origin = tuple[str, str, int | None]


@dataclass(frozen=True, slots=True)
class Login:
    """The login for ``root``, an address without credentials, and for the rest of its origin.

    None: not given, but a netrc file or a keyring may have it. ``is_own``: the user gave the address, not a file that
    came with a stranger's project.
    """

    root: str
    user: str | None = field(default=None, repr=False)  # it may be a token
    password: str | None = field(default=None, repr=False)
    is_own: bool = True


def parsed(text: str) -> URL:
    """The address as the transport reads it, without the scheme's default port.

    Raises:
        ValueError: it cannot be parsed. The message may contain a piece of a password: never show it.
    """
    try:
        address = URL(text.strip())
    except IndexError as error:  # yarl's, for brackets before an "@" with no host after it
        raise ValueError("there is no host after the @") from error
    if URL(str(address).strip()).raw_host != address.raw_host:
        raise ValueError("the host is another one when the address is read again")
    return address.with_port(None) if address.explicit_port and address.is_default_port() else address


def is_ambiguous(text: str) -> bool:
    """Whether an "@" follows the host: in a path, or as a password has a "/" that was read as the path's start."""
    return _AT_AFTER_HOST.search(text) is not None


def origin_of(address: URL) -> Origin:
    """Scheme, host and port: what is the same for all addresses that one server answers (RFC 6454, 4)."""
    return address.scheme, address.raw_host or "", address.port


def address_of(origin: Origin) -> str:
    """An origin as an address, without the scheme's default port."""
    scheme, host, port = origin
    return str(URL.build(scheme=scheme, host=host, port=port))


def login_of(address: URL, *, is_own: bool = True) -> Login:
    """The root of an address, ending with a slash, without query and fragment; and the login in it."""
    root = address.with_user(None).with_path(address.raw_path.rstrip("/") + "/", encoded=True)
    return Login(str(root), address.user, address.password, is_own)


def beside(root: str, folder: str) -> str:
    """The folder beside the last one of ``root``'s path; of an empty path, the folder at the host's root."""
    address = URL(root)
    above = address.raw_path.rstrip("/").rpartition("/")[0]
    return str(address.with_path(f"{above}/{folder}/", encoded=True))
