"""Content coding: whole, cut, damaged, and bombs."""

import gzip
import tracemalloc

import pytest

from audit.crawl.decode.content import inflate
from audit.errors import DecodeError
from tests.faults.faults import bomb


def test_what_is_not_coded_passes() -> None:
    assert inflate(b"abc", is_gzip=False) == b"abc"


def test_gzip_of_several_members() -> None:
    assert inflate(gzip.compress(b"abc") + gzip.compress(b"def"), is_gzip=True) == b"abcdef"


@pytest.mark.parametrize("size", [1, 1 << 20, (1 << 20) + 1, 5_000_000])
def test_gzip_of_any_size(size: int) -> None:
    document = bytes(i % 251 for i in range(1000)) * (size // 1000 + 1)
    assert inflate(gzip.compress(document), is_gzip=True) == document


@pytest.mark.parametrize(
    "body", [gzip.compress(b"abc" * 999, mtime=0)[:-9], gzip.compress(b"abc", mtime=0)[:5], b"not gzip at all"]
)
def test_cut_or_damaged_gzip(body: bytes) -> None:
    with pytest.raises(DecodeError, match="bad-gzip"):
        inflate(body, is_gzip=True)


@pytest.mark.parametrize("is_gzip", [True, False])
def test_the_limit_is_exact(is_gzip: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.crawl.decode.content.LARGEST_DOCUMENT_BYTES", 1000)

    def body(size: int) -> bytes:
        return gzip.compress(bytes(size)) if is_gzip else bytes(size)

    assert len(inflate(body(1000), is_gzip=is_gzip)) == 1000
    with pytest.raises(DecodeError, match="too-large"):
        inflate(body(1001), is_gzip=is_gzip)


def test_a_bomb_costs_no_memory() -> None:
    body = bomb(1)
    tracemalloc.start()
    try:
        with pytest.raises(DecodeError, match="too-large"):
            inflate(body, is_gzip=True)
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()
