"""The release of a file by its name, as ``docs/api-differences.md`` defines it."""

from collections.abc import Sequence

import pytest
from packaging.utils import NormalizedName

from audit.crawl.decode.listing import Listing
from audit.crawl.decode.placing import VersionFinder, one_spelling

DIGITS = "9" * 5000
WHEEL = "py3-none-any.whl"
Case = tuple[str, Sequence[str], str, str | None]

# With a page's `versions`: each rule, and where it ends.
RULES: list[Case] = [
    # Spelled the same, before what is equal; delimiters and case alike; equal by PEP 440.
    ("spam", ["1.0", "1.0.0", "1.0.0.0"], f"spam-1.0.0-{WHEEL}", "1.0.0"),
    ("spam", ["1.0.RC1", "1.0rc1"], "spam-1.0_rc1.tar.gz", "1.0.RC1"),
    ("spam", ["2004-D"], "spam-2004_d.zip", "2004-D"),
    ("spam", ["14.6.0"], "spam-14.6.00-py2.7-macosx-10.6-intel.egg", "14.6.0"),
    ("spam", ["1.0", "v1"], f"spam-1-{WHEEL}", "1.0"),
    ("spam", ["1.0-1", "1.0.1"], f"spam-1.0_1-{WHEEL}", "1.0-1"),
    ("spam", ["1.0.1"], f"spam-1.0_1-{WHEEL}", None),
    ("spam", ["1.0", "1.0.1"], "spam-1.0-1.tar.gz", "1.0"),
    ("spam", ["1.0", "1.0.1", "1.0.post1"], "spam-1.0-1.tar.gz", "1.0.post1"),
    # Without the local part, then without the post part.
    ("spam", ["15.3.0"], "spam-15.3.0+fix.tar.gz", "15.3.0"),
    ("spam", ["15.3.0", "15.3.0+fix"], "spam-15.3.0+fix.tar.gz", "15.3.0+fix"),
    ("spam", ["5.2.2"], f"spam-5.2.2.post0-{WHEEL}", "5.2.2"),
    ("spam", ["1.0", "1.0.post1"], f"spam-1.0.post1+x-{WHEEL}", "1.0.post1"),
    ("spam", ["1.0"], f"spam-1.0.post1+x-{WHEEL}", "1.0"),
    ("spam", ["1.0rc1"], f"spam-1.0rc1.post2-{WHEEL}", "1.0rc1"),
    # Not the other way round.
    ("spam", ["1.0+fix", "1.0.post1"], f"spam-1.0-{WHEEL}", "1.0"),
    # Else a release of its own: 1.0.1 is never of 1.0, whatever the kind.
    *(
        ("spam", ["1.0"], f"spam-1.0.1{tail}", "1.0.1")
        for tail in (".tar.gz", "-py2.7.egg", ".win32.exe", ".win-amd64-py2.7.msi", "-1.noarch.rpm", ".dmg")
    ),
    ("spam", ["1.0"], f"spam-1.0.1-{WHEEL}", "1.0.1"),
    ("spam", ["1.0"], "spam-1.0.1.linux-x86_64.tar.gz", "1.0.1"),
    ("spam", ["1.0"], "spam-1.0.1-src.tar.gz", "1.0.1"),
    ("spam", ["1.0"], "spam-1.0rc1.tar.gz", "1.0rc1"),
    ("spam", ["1.0"], "spam-1.0.dev1.tar.gz", "1.0.dev1"),
    # Nor is 1.0.1x of 1.0, or 1.0x of 1: what is no PEP 440 is a release of its own too, if it begins with a digit.
    *(
        ("spam", ["1.0", "1"], f"spam-1.0.1x{tail}", "1.0.1x")
        for tail in (".zip", "-py2.7.egg", ".win32.exe", "-1.noarch.rpm")
    ),
    *(("spam", ["2004d"], f"spam-2004e{tail}", "2004e") for tail in (".zip", "-py2.7.egg", ".win32.exe", "-src.tgz")),
    ("spam", ["2011-10-11"], "spam-2011-10-12.zip", "2011-10-12"),
    ("num", ["1.0"], "num-2-1.0.tar.gz", "2-1.0"),
    ("spam", ["1.0"], "spam-1.0-1ubuntu1.tar.gz", "1.0"),
    ("spam", ["1.0"], "spam-r12.zip", None),
    *(
        ("spam", ["1.0"], f"spam-{odd}.zip", None)
        for odd in ("2.0%2Bx", "2.0 1", "2.0~1", "2.0-1~2", "2\u0660", "\u0662.0")
    ),
    # Old sdists, and what distutils wrote.
    ("spam", ["1.0", "1.0-final"], "spam-1.0-final.tar.gz", "1.0-final"),
    ("spam", ["1.0"], "spam-1.0-final.tar.gz", "1.0"),
    ("spam", ["1.0", "1.0.post1"], "spam-1.0-1.noarch.rpm", "1.0"),
    ("numpy", ["1.0", "1.0.2"], "numpy-1.0.1.dev3460.win32-py2.4.exe", "1.0"),
    ("spam", ["1.0"], "spam-1.0-superpack-python2.5.exe", "1.0"),
    ("spam", ["1.0"], "spam-1.0-py2.5-macosx10.5.dmg", "1.0"),
    # Names that are not the project's, as installers read them.
    ("num-2", ["1.0", "1.1"], f"num-2-1.0-{WHEEL}", "1.0"),
    ("py-date", ["1.0"], "py-date-1.0-py2-none-any.whl", "1.0"),
    ("py-date", ["1.0"], f"py-date-1.1-{WHEEL}", None),
    ("py-date", [], f"py-date-1.0-{WHEEL}", None),
    ("spam", ["1.0"], f"another-1.0-{WHEEL}", None),
    ("spam", ["1.0"], f"spam-eggs-1.0-{WHEEL}", None),
    ("spam", ["1.0"], "spam-eggs-1.0.tar.gz", None),
    ("spam", ["1.0"], f"spam-1.0-1-2-3-{WHEEL}", "1.0"),
    ("spam", ["1.0"], f"spam-1!x-{WHEEL}", None),
    ("spam", ["1.0"], "spam.tar.gz", None),
    ("spam", ["1.0"], "spam-dev.zip", None),
]

# Without: names are read by grammar alone.
ALONE: list[Case] = [
    ("spam", [], "spam-1.0-py2.7.egg", "1.0"),
    ("spam", [], "spam-1.0-py2.7-linux-x86_64.egg", "1.0"),
    ("spam", [], "spam-1.0.egg", "1.0"),
    ("spam", [], "spam-1.0.win-amd64-py2.7.exe", "1.0"),
    ("spam", [], "spam-1.0.win32.msi", "1.0"),
    ("spam", [], "spam-1.0-2.x86_64.rpm", "1.0"),
    ("spam", [], "spam-1.0.macosx-10.6-intel.tar.gz", "1.0"),
    ("spam", [], "spam-1.0-win32-superpack-python2.5.exe", "1.0"),
    ("foo-bar", [], "Foo.Bar-1.0-py3.10.egg", "1.0"),
    ("spam", [], "spam-1.0+fix.tar.gz", "1.0+fix"),
    ("spam", [], "spam-1.0.post1.tar.gz", "1.0.post1"),
    ("spam", [], "spam-1.0_1-py2.7.egg", "1.0-1"),
    ("spam", [], "spam-1.0x.zip", "1.0x"),
    ("spam", [], "spam-1.0-1ubuntu1.tar.gz", "1.0-1ubuntu1"),
    ("spam", [], "spam-1.0-src.tar.gz", "1.0"),
]


@pytest.mark.parametrize(
    ("project", "versions", "filename", "expected"),
    [
        ("spam", ["1.0", "1.0.1"], "spam-1.0.1.tar.gz", "1.0.1"),
        ("spam", ["1.0.0"], "spam-1.0-py3-none-any.whl", "1.0.0"),
        ("spam", ["1.0", "1.0.0"], "spam-1.0.0-py3-none-any.whl", "1.0.0"),
        ("spam", ["1.0", "1.0.0"], "spam-1.0.0.0-py3-none-any.whl", "1.0"),
        # As the recorded pages of Pillow, docutils and cffi have them.
        ("pillow", ["3.1.0", "3.1.0.rc1", "3.1.0rc1"], "Pillow-3.1.0.rc1.zip", "3.1.0.rc1"),
        ("pillow", ["3.1.0", "3.1.0.rc1", "3.1.0rc1"], "Pillow-3.1.0-rc1.tar.gz", "3.1.0.rc1"),
        ("docutils", ["0.15", "0.15.1"], "docutils-0.15.post1-py2-none-any.whl", "0.15"),
        ("cffi", ["1.0.2"], "cffi-1.0.2-2.tar.gz", "1.0.2"),
        ("spam", ["1.0-1"], "spam-1.0_1-py3-none-any.whl", "1.0-1"),
        ("foo-bar", ["1.0"], "Foo.Bar-1.0.tar.gz", "1.0"),
        ("foo-bar", ["1.0"], "foo_bar-1.0-py2.7.egg", "1.0"),
        ("numpy", ["1.0.1", "1.0.1.dev3460"], "numpy-1.0.1.dev3460.win32-py2.4.exe", "1.0.1.dev3460"),
        ("spam", ["1.0", "1.0-beta"], "spam-1.0_beta-py2.7.egg", "1.0-beta"),
        ("spam", ["1.0"], "spam-1.01.win32.exe", "1.01"),
        *RULES,
        *ALONE,
        ("spam", ["1.0"], "eggs-1.0.win32.exe", None),
        # A number of more digits than Python converts is no version; listed, it is found by its spelling.
        ("spam", ["1.0"], f"spam-{DIGITS}-py3-none-any.whl", None),
        ("spam", ["1.0"], f"spam-{DIGITS}.tar.gz", None),
        ("spam", [DIGITS], f"spam-{DIGITS}-py3-none-any.whl", DIGITS),
        ("spam", [], f"spam-1.0+{DIGITS}-py3-none-any.whl", None),
        ("spam", [], "spam-1.0.tar.gz", "1.0"),
        ("spam", [], "spam-1.0.win32.exe", "1.0"),
    ],
)
def test_version_of(project: str, versions: list[str], filename: str, expected: str | None) -> None:
    assert VersionFinder(NormalizedName(project), versions).version_of(filename) == expected
    assert VersionFinder(NormalizedName(project), versions[::-1]).version_of(filename) == expected


@pytest.mark.parametrize(("filename", "reason"), [("eggs-1.0.zip", "other-name"), ("spam-dev.zip", "no-version")])
def test_why_a_file_has_no_release(filename: str, reason: str) -> None:
    assert VersionFinder(NormalizedName("spam"), ["1.0"]).why_not(filename) == reason


def test_equal_versions_that_nobody_lists_go_by_one_spelling() -> None:
    versions = ["1.0.0", "1.0", "v1.0", "2.RC1", "2rc1", "2-rc1", "final", "3.x", "4x-1", "4X_1"]
    expected = dict(
        zip(versions, ["1.0", "1.0", "1.0", "2rc1", "2rc1", "2rc1", "final", "3.x", "4X_1", "4X_1"], strict=True)
    )
    assert one_spelling(versions) == one_spelling(reversed(versions)) == expected


@pytest.mark.parametrize("tail", ["-py2.7.egg", ".tar.gz", ".win32-py2.6.exe", "-superpack-py2.5.exe", f"-{WHEEL}"])
def test_a_file_costs_the_same_whatever_is_listed(monkeypatch: pytest.MonkeyPatch, tail: str) -> None:
    asked: list[str] = []
    find = Listing.find

    def counted(listing: Listing, spelling: str) -> str | None:
        asked.append(spelling)
        return find(listing, spelling)

    monkeypatch.setattr(Listing, "find", counted)
    counts = []
    for size in (10, 2_000):
        finder = VersionFinder(NormalizedName("spam"), [f"1.{number}" for number in range(size)])
        asked.clear()
        assert [finder.version_of(f"spam-1.{number}{tail}") for number in range(10)]
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10 * 5


def test_a_name_of_delimiters_is_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Listing, "find", lambda _, spelling: asked.append(spelling))
    assert VersionFinder(NormalizedName("spam"), []).version_of(f"spam-{'x-' * 450}.exe") is None
    assert len(asked) <= 101
