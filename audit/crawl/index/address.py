"""The address of an index: the root of its Index API as pip uses it, and the JSON API beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from packaging.utils import NormalizedName

from audit.errors import IndexAddressError
from audit.masking import masked
from audit.model import Api
from audit.pip_settings import pip_options
from audit.urls import SCHEMES, Login, beside, is_ambiguous, login_of, parsed

ACCEPT: Final = {Api.JSON: "application/json", Api.SIMPLE: "application/vnd.pypi.simple.v1+json"}
_ADVICE: Final = "give http(s)://HOST/simple/, with / ? # @ of a password as %2F %3F %23 %40"


@dataclass(frozen=True, slots=True)
class IndexAddress:
    """An index's two roots, each ending with a slash and without credentials, which no text may show.

    ``logins`` has one for each given address: no other origin is ever asked.
    """

    simple: str
    json: str
    logins: tuple[Login, ...] = ()

    def root(self, api: Api) -> str:
        """The address of an API's root."""
        return self.json if api is Api.JSON else self.simple

    def option(self, api: Api) -> str:
        """The option that sets an API's address: the JSON API is beside the Index API, unless it was given its own."""
        is_apart = api is Api.JSON and self.json != beside(self.simple, "pypi")
        return "--json-url" if is_apart else "--index-url"

    def page(self, api: Api, project: NormalizedName) -> str:
        """The address of one project's page."""
        return f"{self.json}{project}/json" if api is Api.JSON else f"{self.simple}{project}/"


def resolve_address(
    index_url: str | None,
    json_url: str | None = None,
    configured: Callable[[], str | None] | None = None,
    *,
    is_own: bool = True,
) -> IndexAddress:
    """The index to ask: the given one, else the one pip is configured for, else pip's default.

    ``json_url`` overrides the usual address of the JSON API: the sibling ``pypi/`` of the Index API's root.
    ``configured`` is pip's configuration (None: see `pip_options`). ``is_own``: see `Login`; of ``index_url`` alone.

    Raises:
        IndexAddressError: an address is not an absolute http or https address.
        UsageError: pip's configuration cannot be parsed.
    """
    url = index_url or (configured or pip_index_url)() or _default()
    simple = _login(url, "the index address", is_own=is_own or not index_url)
    if json_url:
        json = _login(json_url, "the JSON API's address", is_own=True)
        return IndexAddress(simple.root, json.root, (simple, json))
    return IndexAddress(simple.root, beside(simple.root, "pypi"), (simple,))


def pip_index_url() -> str | None:
    """The index that pip is configured for; None where it is not."""
    return pip_options().get("index-url")


def _default() -> str:
    from pypi_simple import PYPI_SIMPLE_ENDPOINT  # noqa: PLC0415 - loads an HTTP stack that nothing else needs

    return PYPI_SIMPLE_ENDPOINT


def _login(url: str, what: str, *, is_own: bool) -> Login:
    """The root in an address, and the login in it. No message repeats the parser's message, which may hold a secret."""
    if is_ambiguous(url):
        raise IndexAddressError(f"{what} {masked(url)!r} can be read in two ways: {_ADVICE}, an @ of a path as %40")
    try:
        address = parsed(url)
    except ValueError:  # a UnicodeError is one
        raise IndexAddressError(f"{what} {masked(url)!r} is not a valid address: {_ADVICE}") from None
    if address.scheme not in SCHEMES or not address.raw_host:
        raise IndexAddressError(f"{what} {masked(url)!r} is not absolute: {_ADVICE}")
    return login_of(address, is_own=is_own)
