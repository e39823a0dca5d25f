"""Which certificates are trusted, and which one is sent: as pip does, with pip's configuration.

pip trusts the system's store, certifi's bundle and one more bundle if it is configured: the first of
REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE and its own ``cert`` that is set. For a ``trusted-host`` nothing is checked.
"""

import os
import ssl
from functools import cached_property

import certifi
import truststore

from audit.errors import UsageError
from audit.masking import masked
from audit.pip_settings import PipOptions
from audit.urls import Origin, origin_of, parsed

# requests reads them for pip, unless pip is configured to ignore the environment.
_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class Trust:
    """The TLS of a crawl. Files are read with the first https address: plain http needs none."""

    def __init__(self, options: PipOptions, *, reads_environment: bool) -> None:
        """``reads_environment``: whether the variables for all programs count, besides pip's own.

        Raises:
            UsageError: a trusted host is not a host.
        """
        self._cert = options.get("cert")
        self._client_cert = options.get("client-cert")
        self._variables = _BUNDLES if reads_environment else ()
        self._trusted = {_host_of(word) for word in options.get("trusted-host", "").split()}

    def is_unchecked(self, origin: Origin) -> bool:
        """Whether pip's ``trusted-host`` names the host: on every port, or on the given one."""
        _, host, port = origin
        return not self._trusted.isdisjoint({(host, None), (host, port)})

    @cached_property
    def checked(self) -> ssl.SSLContext:
        """Trusts certificates by the system's store, certifi's bundle or the configured bundle.

        Raises:
            UsageError: a configured file cannot be used.
        """
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(certifi.where())
        self._add_bundle(context)
        self._show_certificate(context)
        return context

    @cached_property
    def unchecked(self) -> ssl.SSLContext:
        """Trusts every certificate.

        Raises:
            UsageError: the client certificate cannot be used.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self._show_certificate(context)
        return context

    def _add_bundle(self, context: ssl.SSLContext) -> None:
        source = next((name for name in self._variables if os.environ.get(name)), None)
        path = os.environ[source] if source else self._cert and os.path.expanduser(self._cert)
        if not path:
            return
        try:
            if os.path.isdir(path):
                context.load_verify_locations(capath=path)
            else:
                context.load_verify_locations(cafile=path)
        except OSError as error:  # an SSLError is one
            raise UsageError(
                f"{source or 'cert of pip (PIP_CERT, pip.conf)'}: {path} is not a bundle of "
                f"certificates ({error.strerror or error}): name a PEM file or a folder"
            ) from None

    def _show_certificate(self, context: ssl.SSLContext) -> None:
        if not self._client_cert:
            return
        path = os.path.expanduser(self._client_cert)
        try:
            context.load_cert_chain(path, password=_no_password)
        except (OSError, ValueError) as error:
            why = "its key wants a password" if isinstance(error, _PasswordWantedError) else _reason_of(error)
            raise UsageError(
                f"client-cert of pip (PIP_CLIENT_CERT, pip.conf): {path} cannot be used ({why}): "
                "name a PEM file that holds a certificate and its key, without a password"
            ) from None


class _PasswordWantedError(ValueError):
    """A key cannot be read without a password; OpenSSL must not stop to ask for one."""


def _no_password() -> str:
    raise _PasswordWantedError


def _reason_of(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _host_of(word: str) -> tuple[str, int | None]:
    """The host and the port in a word of ``trusted-host``; None: every port."""
    place = f"[{word}]" if word.count(":") > 1 and "[" not in word else word
    try:
        _, host, port = origin_of(parsed(f"https://{place}"))
    except ValueError:
        raise UsageError(
            f"trusted-host of pip (PIP_TRUSTED_HOST, pip.conf): {masked(word[:100])!r} is not a "
            "host: give HOST or HOST:PORT"
        ) from None
    return host, port if place.endswith(f":{port}") else None
