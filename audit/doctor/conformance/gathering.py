"""Looks at an index: its root, some projects through both APIs, and the choice that a crawl makes."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from packaging.utils import NormalizedName

from audit.crawl.choice import Asker, choose_api, spread
from audit.crawl.decode import Decoded, Root, decode_json, decode_root, decode_simple
from audit.crawl.decode.answered import read_answer
from audit.crawl.decode.api_version import given_version
from audit.crawl.index.address import ACCEPT
from audit.doctor.conformance.evidence import Evidence, Look, Sample
from audit.errors import CrawlError, DecodeError, FetchError
from audit.model import Api

# Reasons that concern the host, and so every other request too.
HOPELESS: Final = frozenset({"connect", "timeout", "tls", "http-407"})

T = TypeVar("T")


async def gather(asker: Asker, project: NormalizedName | None, count: int, now: datetime) -> Evidence:
    """The evidence from one project or, if none is named, from ``count`` projects spread over the root's list.

    One request for the root, and at most three for each project; then those that a crawl needs to choose its API.

    Raises:
        FetchError: a fault that every other request would have too.
    """
    root: Look[Root] = await _look(asker, asker.address.simple, Api.SIMPLE, decode_root)
    names = [project] if project else spread(list(root.content.serials), count) if root.content else []
    evidence = Evidence(asker.address, now, root, tuple([await _sample(asker, name) for name in names]))
    if not names:
        return evidence
    try:
        choice = await choose_api(asker, names)
    except CrawlError as error:
        return Evidence(asker.address, now, root, evidence.samples, refusal=str(error))
    return Evidence(asker.address, now, root, evidence.samples, choice)


async def _sample(asker: Asker, project: NormalizedName) -> Sample:
    address = asker.address
    page: Look[Decoded] = await _look(
        asker, address.page(Api.SIMPLE, project), Api.SIMPLE, partial(decode_simple, project)
    )
    document: Look[Decoded] = await _look(
        asker, address.page(Api.JSON, project), Api.JSON, partial(decode_json, project)
    )
    return Sample(project, await _again(asker, page), document)


async def _look(asker: Asker, url: str, api: Api, decode: Callable[[bytes], T]) -> Look[T]:
    try:
        answer = await asker.fetcher.get(url, accept=ACCEPT[api])
    except FetchError as fault:
        if fault.reason in HOPELESS:
            raise
        return Look(url, fault=fault)
    if answer.status != 200:
        return Look(url, answer)
    version = None
    try:
        version = read_answer(answer, given_version)
        return Look(url, answer, read_answer(answer, decode), version=version)
    except DecodeError as error:
        return Look(url, answer, fault=error, version=version)


async def _again(asker: Asker, look: Look[T]) -> Look[T]:
    """The look, with the answer to the same request sent with its entity tag."""
    if look.content is None or look.answer is None or look.answer.etag is None:
        return look
    try:
        answer = await asker.fetcher.get(look.url, accept=ACCEPT[Api.SIMPLE], etag=look.answer.etag)
    except FetchError:
        return look
    return Look(look.url, look.answer, look.content, version=look.version, again=answer.status)
