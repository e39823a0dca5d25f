"""From an answer, as it was fetched, to what a decoder reads in it."""

from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from packaging.utils import NormalizedName

from audit.crawl.decode.content import HTML, HTML_DETAIL, inflate, is_html
from audit.crawl.decode.decoded import Decoded
from audit.crawl.decode.json_api import decode_json
from audit.crawl.decode.simple_api import decode_simple
from audit.errors import DecodeError
from audit.model import Api, Fetched

T = TypeVar("T")
_DECODERS: Final = {Api.JSON: decode_json, Api.SIMPLE: decode_simple}


def read_answer(answer: Fetched, decode: Callable[[bytes], T]) -> T:
    """What ``decode`` reads in an answer's document.

    Raises:
        DecodeError: as `inflate` and ``decode`` do; ``html`` where the answer is HTML.
    """
    try:
        return decode(inflate(answer.body, is_gzip=answer.is_gzip))
    except DecodeError as error:
        if is_html(answer.content_type, error):
            raise DecodeError(HTML, HTML_DETAIL) from error
        raise


def read_project(answer: Fetched, api: Api, project: NormalizedName) -> Decoded:
    """The project in an API's answer; raises DecodeError as `read_answer` does."""
    return read_answer(answer, partial(_DECODERS[api], project))
