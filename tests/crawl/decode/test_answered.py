"""What a decoder reads in an answer as it was fetched, and what is said of an answer that is HTML."""

import gzip

import pytest
from packaging.utils import NormalizedName

from audit.crawl.decode.answered import read_answer, read_project
from audit.crawl.decode.content import HTML, HTML_DETAIL
from audit.errors import DecodeError
from audit.model import Api, Fetched
from tests.recorded import index_page, json_document

REQUESTS = NormalizedName("requests")


@pytest.mark.parametrize("api", Api)
@pytest.mark.parametrize("is_gzip", [True, False])
def test_each_api_has_its_decoder(api: Api, is_gzip: bool) -> None:
    body = json_document("requests") if api is Api.JSON else index_page("requests")
    answer = Fetched(200, gzip.compress(body) if is_gzip else body, is_gzip=is_gzip)
    assert read_project(answer, api, REQUESTS).file_count > 100


def refuse(body: bytes) -> None:
    raise DecodeError(body.decode(), "as it is")


@pytest.mark.parametrize(
    ("content_type", "reason", "expected"),
    [
        ("text/html; charset=utf-8", "not-json", (HTML, HTML_DETAIL)),
        ("text/html", "wrong-shape", ("wrong-shape", "as it is")),
        ("application/json", "not-json", ("not-json", "as it is")),
    ],
)
def test_only_what_is_no_json_and_called_html_is_html(
    content_type: str, reason: str, expected: tuple[str, str]
) -> None:
    answer = Fetched(200, reason.encode(), content_type=content_type)
    with pytest.raises(DecodeError) as raised:
        read_answer(answer, refuse)
    assert (raised.value.reason, raised.value.detail) == expected
