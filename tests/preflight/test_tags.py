"""What wheels serve, and what that leaves unserved."""

import pytest
from packaging.specifiers import SpecifierSet
from packaging.tags import parse_tag

from audit.preflight.tags import Served, is_admitted, is_served, served


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("cp312-cp312-win_amd64", {("cp312", "win_amd64")}),
        ("cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64", {("cp312", "manylinux_x86_64")}),
        ("cp312-cp312-manylinux1_i686", {("cp312", "manylinux_i686")}),
        ("cp313-cp313t-musllinux_1_2_aarch64", {("cp313t", "musllinux_aarch64")}),
        ("cp312-cp312-macosx_11_0_arm64", {("cp312", "macosx_arm64")}),
        ("cp312-cp312-macosx_10_9_universal2", {("cp312", "macosx_arm64"), ("cp312", "macosx_x86_64")}),
        ("cp36-cp36m-win32", {("cp36m", "win32")}),
        ("pp310-pypy310_pp73-win_amd64", {("pp310", "win_amd64")}),
        ("py2.py3-none-any", {("py2", "any"), ("py3", "any")}),
        ("cp314-abi3-win_arm64", {("cp314", "win_arm64"), ("cp315", "win_arm64")}),
        ("cp315-abi3t-win_arm64", {("cp315t", "win_arm64")}),
    ],
)
def test_served(tag: str, expected: set[tuple[str, str]]) -> None:
    assert served(parse_tag(tag)) == {Served(*each) for each in expected}


@pytest.mark.parametrize(
    ("wanted", "by", "expected"),
    [
        ("cp312-cp312-win_amd64", "cp39-abi3-win_amd64", True),
        ("cp38-cp38-win_amd64", "cp39-abi3-win_amd64", False),
        ("cp313-cp313t-win_amd64", "cp39-abi3-win_amd64", False),
        ("cp312-cp312-win_amd64", "py3-none-win_amd64", True),
        ("cp313-cp313t-win_amd64", "py3-none-any", True),
        ("pp310-pypy310_pp73-win_amd64", "py3-none-any", True),
        ("py2-none-any", "py3-none-any", False),
        ("cp27-cp27m-win32", "py3-none-any", False),
        ("py3-none-any", "cp312-cp312-win_amd64", False),
        ("cp312-cp312-manylinux_2_17_x86_64", "cp312-cp312-manylinux_2_28_x86_64", True),
        ("cp312-cp312-musllinux_1_1_x86_64", "cp312-cp312-manylinux_2_28_x86_64", False),
    ],
)
def test_is_served(wanted: str, by: str, expected: bool) -> None:
    assert all(is_served(each, served(parse_tag(by))) for each in served(parse_tag(wanted))) is expected


@pytest.mark.parametrize(
    ("interpreter", "requires", "expected"),
    [
        ("cp38", ">=3.9", False),
        ("cp39", ">=3.9", True),
        ("cp39", ">=3.9.2", True),
        ("cp36m", ">=3.7", False),
        ("pp310", "<3.10", False),
        ("cp313t", ">=3.13", True),
        ("py3", ">=3.9", True),
        ("py2", ">=3.9", False),
        ("py2", "", True),
        ("unheard", ">=3.9", True),
    ],
)
def test_is_admitted(interpreter: str, requires: str, expected: bool) -> None:
    assert is_admitted(interpreter, [SpecifierSet(requires)]) is expected
