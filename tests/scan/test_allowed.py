"""Which listed versions a pin allows: compared with packaging, pip's own resolver of specifiers."""

from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName
from packaging.version import Version

from audit.scan.allowed import allowed_versions, wheel_key
from audit.scan.pins import Pin, PinnedBy

LISTED = ["0.9", "1.0", "1.0.0", "1.0+cpu", "1.1rc1", "1.1", "2.0b1", "not a version"]


def pin(version: str | None = None, specifier: str = "") -> Pin:
    by = PinnedBy.RANGE if version is None else PinnedBy.VERSION
    return Pin("lock", 1, NormalizedName("spam"), version, specifier, by)


def test_a_version_that_was_chosen_is_every_spelling_of_it() -> None:
    assert allowed_versions(pin("1.0.0"), LISTED) == ["1.0.0", "1.0"]
    assert allowed_versions(pin("v1.1"), LISTED) == ["1.1"]
    assert allowed_versions(pin("3.0"), LISTED) == []
    assert allowed_versions(pin("1.0"), ["1.0+cpu", "1.0+cu118", "1.0.1"]) == ["1.0+cu118", "1.0+cpu"]


def test_a_version_that_is_asked_for_has_builds_with_a_local_part_which_are_greater() -> None:
    assert allowed_versions(pin("1.0.0", "==1.0.0"), LISTED) == ["1.0+cpu", "1.0.0", "1.0"]
    assert allowed_versions(pin("1.0", "==1.0"), ["1.0+cpu", "1.0+cu118", "1.0.1"]) == ["1.0+cu118", "1.0+cpu"]
    assert allowed_versions(pin("1.0", "===1.0"), LISTED) == ["1.0"]
    assert allowed_versions(pin("2.0b1", "==2.0b1"), LISTED) == ["2.0b1"]


def test_a_local_part_counts_where_it_is_given() -> None:
    assert allowed_versions(pin("1.0+cpu"), LISTED) == ["1.0+cpu"]
    assert allowed_versions(pin("1.0+cpu", "==1.0+cpu"), LISTED) == ["1.0+cpu"]
    assert allowed_versions(pin("1.1+cpu"), LISTED) == []


def test_what_is_not_a_version_is_found_by_its_spelling() -> None:
    assert allowed_versions(pin("not a version"), LISTED) == ["not a version"]
    assert allowed_versions(pin("nor this"), LISTED) == []


def test_a_range_has_the_greatest_first_and_no_pre_releases() -> None:
    assert allowed_versions(pin(specifier=">=1"), LISTED) == ["1.1", "1.0+cpu", "1.0.0", "1.0"]
    assert allowed_versions(pin(), LISTED)[0] == "1.1"


def test_a_pre_release_where_nothing_else_fits_or_one_is_named() -> None:
    assert allowed_versions(pin(specifier=">1.1"), LISTED) == ["2.0b1"]
    assert allowed_versions(pin(specifier=">=1.1rc1"), LISTED) == ["2.0b1", "1.1", "1.1rc1"]


def test_a_wrong_specifier_allows_nothing() -> None:
    assert allowed_versions(pin(specifier="~~1"), LISTED) == []


VERSIONS = st.sampled_from(["0.9", "1.0", "1.0.post1", "1.1a1", "1.1", "2.0.dev1", "2.0", "3!1.0"])


@given(st.sets(VERSIONS), st.sampled_from(["", ">=1", "<2", "!=1.1", "~=1.0", ">=2.0.dev1", "==1.*"]))
def test_a_range_allows_what_packaging_allows(listed: set[str], specifier: str) -> None:
    allowed = allowed_versions(pin(specifier=specifier), sorted(listed))
    assert set(allowed) == set(SpecifierSet(specifier).filter(listed))
    assert allowed == sorted(allowed, key=Version, reverse=True)


def test_the_order_of_tags_does_not_make_another_wheel() -> None:
    key = wheel_key("spam-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl")
    assert key == wheel_key("Spam-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl") is not None
    assert key != wheel_key("spam-1.0-1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl")
    assert wheel_key("spam-1.0.tar.gz") is None
