"""Addresses: one parser, and what it makes of an address stays so when it is read again."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audit.urls import beside, login_of, origin_of, parsed

ADDRESSES = st.from_regex(r"(?i)https?://[a-z0-9@:\[\].%\\/?#é ]{1,30}", fullmatch=True)


@given(ADDRESSES)
@example("http:// :")
@example("http://É.%A")
@example("http://[]@")
@example("http://a[b]@/c")
def test_what_was_parsed_means_the_same_when_it_is_read_again(text: str) -> None:
    try:
        address = parsed(text)
    except ValueError:
        return
    if not address.raw_host:
        return
    root = login_of(address).root
    for again in (str(address), root, beside(root, "pypi"), f"{root}spam/"):
        assert origin_of(parsed(again)) == origin_of(address)
    assert root.endswith("/")
    assert not {"@", "?", "#"} & set(root.split("/")[2])


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("http://h/", "http://H:80/a?b", True),
        ("https://h/", "https://u:p@h:443/", True),
        ("http://h/", "https://h/", False),
        ("http://h:8443/", "https://h:8443/", False),
        ("https://h/", "https://h:8443/", False),
        ("https://h/", "https://h.example/", False),
        ("http://[::1]/", "http://[0:0:0:0:0:0:0:1]:80/", True),
    ],
)
def test_an_origin_is_scheme_host_and_port(one: str, other: str, is_same: bool) -> None:
    assert (origin_of(parsed(one)) == origin_of(parsed(other))) is is_same
