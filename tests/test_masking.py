"""Masking: for any address, anywhere in a text, no piece of a secret is left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.masking import masked, masked_text

# Every mark that ends a part of an address, unencoded; and letters that are used nowhere else.
SECRETS = st.text("QXZ/?#@:%&=+!$'()[]{}\\\"<>;,.~-_é", min_size=1).map(lambda text: f"QQ{text}ZZ")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://me:se@cret@host/simple/", "https://****@host/simple/"),
        ("https://token@host/?t=cret", "https://****@host/"),
        ("http://u:cret://x@host", "http://****@host"),
        ("u:cret@host/simple", "****@host/simple"),
        ("https://host/simple/", "https://host/simple/"),
        ("https://host/simple/#cret", "https://host/simple/"),
        ("https://me:se/cret@host/simple/", "https://****@host/simple/"),
        ("https://me:se?cret@host/simple/", "https://****"),
        ("https://me:se#cret@host/simple/", "https://****"),
        ("https://me:secret@host/?token=a@b", "https://****"),
    ],
)
def test_an_address_is_masked_for_a_screen(address: str, shown: str) -> None:
    assert masked(address) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "ClientError: 407, message='no', url='http://u:cret@proxy:3128'",
            "ClientError: 407, message='no', url='http://****@proxy:3128'",
        ),
        ("see (https://host/x?token=1). Or not", "see (https://host/x). Or not"),
        ("Cannot connect to host proxy:1 ssl:default", "Cannot connect to host proxy:1 ssl:default"),
        ("me@example.org wrote http://host/a", "me@example.org wrote http://host/a"),
        ("git+ssh://git:cret@host and\nftp://cret@host", "git+ssh://****@host and\nftp://****@host"),
    ],
)
def test_a_text_keeps_all_but_the_secrets(text: str, shown: str) -> None:
    assert masked_text(text) == shown


@given(SECRETS, st.sampled_from(["http://{}@host/p/", "https://u:{}@host:8/", "https://{}:x@host", "https://h/p?{}"]))
def test_no_piece_of_a_secret_is_left(secret: str, place: str) -> None:
    address = place.format(secret)
    for shown in (masked(address), masked_text(f"it failed: url='{address}', 407"), masked_text(f"({address})")):
        assert not {"Q", "X", "Z"} & set(shown)


@given(st.text())
def test_a_text_without_an_address_stays_as_it_is(text: str) -> None:
    assert masked_text(text) == text or "://" in text
