"""version_key sorts as PEP 440 sorts."""

from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from audit.crawl.decode.version import facts_of

number = st.integers(0, 30) | st.integers(0, 10**30)
local = st.lists(st.from_regex(r"[a-z0-9]{1,3}", fullmatch=True), min_size=1, max_size=3).map(".".join)


@st.composite
def versions(draw: st.DrawFn) -> str:
    epoch = draw(st.sampled_from(["", "1!"]))
    release = ".".join(map(str, draw(st.lists(number, min_size=1, max_size=4))))
    pre = draw(st.sampled_from(["", "a", "b", "rc"]))
    parts = [f"{pre}{draw(number)}" if pre else ""]
    parts += [f"{word}{draw(number)}" if draw(st.booleans()) else "" for word in (".post", ".dev")]
    tail = draw(st.none() | local)
    return epoch + release + "".join(parts) + (f"+{tail}" if tail else "")


@given(versions(), versions())
def test_keys_compare_as_versions_do(left: str, right: str) -> None:
    a, b = facts_of(left), facts_of(right)
    assert a.version_key is not None
    assert b.version_key is not None
    assert (a.version_key < b.version_key) == (Version(left) < Version(right))
    assert (a.version_key == b.version_key) == (Version(left) == Version(right))


@given(versions())
def test_facts_are_packagings(text: str) -> None:
    facts, version = facts_of(text), Version(text)
    assert facts.is_prerelease == version.is_prerelease
    assert facts.is_postrelease == version.is_postrelease
    assert facts.public_key == facts_of(version.public).version_key
    assert facts.series == f"{version.epoch}!{version.major}.{version.minor}"


@given(st.text(max_size=20))
def test_any_text_has_facts_or_none(text: str) -> None:
    facts = facts_of(text)
    assert (facts.version_key is None) == (facts.series is None)


def test_a_number_longer_than_python_converts_is_not_a_version() -> None:
    assert facts_of("1." + "9" * 5000).version_key is None
