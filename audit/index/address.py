"""Where an index is: the root of its Index API as pip knows it, and the JSON API beside it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from packaging.utils import NormalizedName

from audit.errors import IndexAddressError
from audit.model import Api
from audit.pip_settings import pip_options

ACCEPT: Final = {Api.JSON: "application/json", Api.SIMPLE: "application/vnd.pypi.simple.v1+json"}


@dataclass(frozen=True, slots=True)
class IndexAddress:
    """An index's two roots, each ending with a slash and without credentials, which stay out of every text."""

    simple: str
    json: str
    credentials: tuple[str, str] | None = field(default=None, repr=False)

    def page(self, api: Api, project: NormalizedName) -> str:
        """The address of one project's page."""
        return f"{self.json}{project}/json" if api is Api.JSON else f"{self.simple}{project}/"


def resolve_address(
    index_url: str | None,
    json_url: str | None = None,
    configured: Callable[[], str | None] | None = None,
) -> IndexAddress:
    """The index to ask: the one told, else the one pip is configured for, else pip's default.

    ``json_url`` overrides where the JSON API is taken to be: the sibling ``pypi/`` of the Index API's root.
    ``configured`` tells pip's configuration (None: see `pip_options`).

    Raises:
        IndexAddressError: an address is no absolute http or https address.
        UsageError: pip's configuration does not parse.
    """
    told = index_url or (configured or pip_index_url)() or _default()
    simple, credentials = _clean(told, "the index address")
    if json_url:
        json, json_credentials = _clean(json_url, "the JSON API's address")
        return IndexAddress(simple, json, credentials or json_credentials)
    return IndexAddress(simple, _sibling(simple), credentials)


def pip_index_url() -> str | None:
    """The index that pip is configured for; None where it is not."""
    return pip_options().get("index-url")


def _default() -> str:
    from pypi_simple import PYPI_SIMPLE_ENDPOINT  # noqa: PLC0415 - brings an HTTP stack that nothing else needs

    return PYPI_SIMPLE_ENDPOINT


def _clean(told: str, what: str) -> tuple[str, tuple[str, str] | None]:
    """The address without credentials, query and fragment, ending with a slash; and the credentials."""
    try:
        parts = urlsplit(told.strip())
        port = parts.port
    except ValueError as error:
        raise IndexAddressError(
            f"{what} {masked(told)!r} does not parse ({error}): give http(s)://HOST/simple/"
        ) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise IndexAddressError(f"{what} {masked(told)!r} is not absolute: give http(s)://HOST/simple/")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    netloc = host if port is None else f"{host}:{port}"
    clean = SplitResult(parts.scheme, netloc, parts.path.rstrip("/") + "/", "", "")
    if parts.username is None:
        return urlunsplit(clean), None
    return urlunsplit(clean), (unquote(parts.username), unquote(parts.password or ""))


def masked(told: str) -> str:
    """An address for a screen: what stands before an "@" may be a password, what follows a "?" a token."""
    scheme, separator, rest = told.partition("://") if "://" in told else ("", "", told)
    _, at, place = rest.partition("?")[0].rpartition("@")
    return f"{scheme}{separator}{'****@' if at else ''}{place}"


def _sibling(simple: str) -> str:
    """The folder ``pypi/`` beside the Index API's own folder, whatever that is called."""
    return simple.rstrip("/").rpartition("/")[0] + "/pypi/"
