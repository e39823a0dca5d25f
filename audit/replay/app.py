"""The recording over HTTP: the Index API (PEP 503, 691) and the JSON API, with the behaviour of the index."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from packaging.utils import canonicalize_name
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from audit.crawl.recorded import headers_of
from audit.errors import DecodeError, UsageError
from audit.model import Api
from audit.replay.recording import Recording, StoredPage

# The names of the loopback on the machine itself.
OWN_NAMES = ("127.0.0.1", "localhost")
_MEDIA_TYPES = {Api.SIMPLE: "application/vnd.pypi.simple.v1+json", Api.JSON: "application/json"}
_PATHS = {Api.SIMPLE: "/simple/{}/", Api.JSON: "/pypi/{}/json"}
_REFUSED = re.compile(r"q=0(?:\.0*)?")
_TAG = re.compile(r'"[^"]*"')


def replay_app(folder: Path) -> Starlette:
    """An application that answers like the index whose pages were recorded in ``folder`` (see `Recording`).

    It serves ``/simple/``, ``/simple/NAME/`` and ``/pypi/NAME/json``, for GET and HEAD; queries are ignored. A request
    whose Host header is not in `OWN_NAMES`, with any port, is answered with 400.
    """
    app = Starlette(
        routes=[
            Route("/simple/", _in_thread(_root)),
            Route("/simple", _to_root),
            Route("/simple/{name}/", _in_thread(_page)),
            Route("/simple/{name}", _in_thread(_page)),
            Route("/pypi/{name}/json", _in_thread(_document)),
        ],
        # A web page must not read it through its own host name that leads to this machine (DNS rebinding).
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=OWN_NAMES, www_redirect=False)],
        exception_handlers={404: _no_such_address, DecodeError: _damaged, UsageError: _damaged},
    )
    app.router.redirect_slashes = False  # Starlette's own redirect is not a permanent one
    app.state.recording = Recording(folder)
    return app


def _in_thread(answer: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that reads files off the event loop.

    Starlette would run a plain function in a thread too, but in one that may outlive the server.
    """

    async def endpoint(request: Request) -> Response:
        return await asyncio.to_thread(answer, request)

    return endpoint


async def _to_root(_: Request) -> Response:
    return RedirectResponse("/simple/", status_code=301)


def _root(request: Request) -> Response:
    recording: Recording = request.app.state.recording
    return _respond(request, recording.root(), Api.SIMPLE)


def _page(request: Request) -> Response:
    return _project(request, Api.SIMPLE)


def _document(request: Request) -> Response:
    return _project(request, Api.JSON)


def _project(request: Request, api: Api) -> Response:
    recording: Recording = request.app.state.recording
    project = canonicalize_name(request.path_params["name"])
    answer = recording.answer(api, project)
    if answer is None:
        return _not_found(api)
    address = _PATHS[api].format(project)
    if request.url.path != address:
        return RedirectResponse(address, status_code=301)
    return _respond(request, answer, api)


def _respond(request: Request, answer: StoredPage, api: Api) -> Response:
    """The answer in a coding that the client accepts, or a 304 if it has it already (RFC 9110)."""
    is_gzip = _takes_gzip(",".join(request.headers.getlist("accept-encoding")))
    # A strong tag belongs to one representation, so the two codings have two.
    tag = f'"{answer.facts.digest}{"-gzip" if is_gzip else ""}"'
    recording: Recording = request.app.state.recording
    headers = {"ETag": tag, "Vary": "Accept-Encoding"} | headers_of(recording.recorded)
    if answer.facts.serial is not None:
        headers["X-PyPI-Last-Serial"] = str(answer.facts.serial)
    if _has(",".join(request.headers.getlist("if-none-match")), tag):
        return Response(status_code=304, headers=headers)
    if is_gzip:
        headers["Content-Encoding"] = "gzip"
    return Response(answer.body(is_gzip=is_gzip), headers=headers, media_type=_MEDIA_TYPES[api])


def _takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header accepts gzip: named, or by ``*``, and not refused with ``q=0``."""
    codings = {}
    for item in accepted.lower().split(","):
        coding, _, weight = item.partition(";")
        codings[coding.strip()] = not _REFUSED.fullmatch(weight.replace(" ", ""))
    return codings.get("gzip", codings.get("*", False))


def _has(known: str, tag: str) -> bool:
    """Whether an If-None-Match header contains ``tag``; a weak tag counts (RFC 9110, 13.1.2)."""
    return known.strip() == "*" or tag in _TAG.findall(known)


def _not_found(api: Api) -> Response:
    if api is Api.JSON:
        return Response(b'{"message": "Not Found"}', status_code=404, media_type=_MEDIA_TYPES[api])
    return PlainTextResponse("404 Not Found", status_code=404)


async def _no_such_address(*_: object) -> Response:
    return _not_found(Api.SIMPLE)


async def _damaged(_: Request, error: Exception) -> Response:
    return PlainTextResponse(f"{error}\n", status_code=500)
