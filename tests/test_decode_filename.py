"""What a filename tells."""

import pytest

from audit.decode.filename import VersionFinder, kind_of, wheel_tags

DIGITS = "9" * 5000


@pytest.mark.parametrize(
    ("filename", "kind"),
    [
        ("numpy-2.5.5-cp312-cp312-macosx_10_13_x86_64.whl", "wheel"),
        ("numpy-1.0.1.dev3460.win32-py2.4.exe", "wininst"),
        ("PyYAML-3.10.zip", "sdist"),
        ("requests-0.8.0-py2.7.egg", "egg"),
        ("spam-1.0.tar.bz2", "sdist"),
        ("spam-1.0.win-amd64-py2.7.msi", "msi"),
        ("spam-1.0-1.noarch.rpm", "rpm"),
        ("spam-1.0.dmg", "dmg"),
        ("spam-1.0.linux-x86_64.tar.gz", "dumb"),
        ("spam-1.0.macosx-10.6-intel.tar.gz", "dumb"),
        ("spam-1.0.win32.zip", "dumb"),
        ("spam-1.0.deb", None),
        ("", None),
    ],
)
def test_kind(filename: str, kind: str | None) -> None:
    assert kind_of(filename) == kind


@pytest.mark.parametrize(
    ("filename", "tags"),
    [
        ("ctx-0.1.2-1-py2.py3-none-any.whl", ("1", "py2.py3", "none", "any")),
        ("spam-1.0-py3.py2-none-any.whl", (None, "py2.py3", "none", "any")),
        ("Spam-1.0-CP27-none-Win32.whl", (None, "cp27", "none", "win32")),
        ("spam-1.0-cp39-cp39-b.a.b.whl", (None, "cp39", "cp39", "a.b")),
        ("spam-1.0-x1-py3-none-any.whl", (None,) * 4),
        ("spam-not!pep440-py3-none-any.whl", (None,) * 4),
        ("spam-1.0-py3-none.whl", (None,) * 4),
        ("spam-1.0-1-2-py3-none-any.whl", (None,) * 4),
        ("spam-1.0--none-any.whl", (None,) * 4),
        ("spam-1.0.tar.gz", (None,) * 4),
    ],
)
def test_wheel_tags(filename: str, tags: tuple[str | None, ...]) -> None:
    assert wheel_tags(filename) == tags


@pytest.mark.parametrize(
    ("project", "versions", "filename", "expected"),
    [
        ("spam", ["1.0", "1.0.1"], "spam-1.0.1.tar.gz", "1.0.1"),
        ("spam", ["1.0.0"], "spam-1.0-py3-none-any.whl", "1.0.0"),
        ("spam", ["1.0", "1.0.0"], "spam-1.0.0-py3-none-any.whl", "1.0.0"),
        ("spam", ["1.0", "1.0.0"], "spam-1.0.0.0-py3-none-any.whl", "1.0"),
        # As the recorded pages of Pillow, docutils and cffi have them.
        ("pillow", ["3.1.0", "3.1.0.rc1", "3.1.0rc1"], "Pillow-3.1.0.rc1.zip", "3.1.0rc1"),
        ("pillow", ["3.1.0", "3.1.0.rc1", "3.1.0rc1"], "Pillow-3.1.0-rc1.tar.gz", "3.1.0rc1"),
        ("docutils", ["0.15", "0.15.1"], "docutils-0.15.post1-py2-none-any.whl", "0.15.post1"),
        ("cffi", ["1.0.2"], "cffi-1.0.2-2.tar.gz", "1.0.2"),
        ("spam", ["1.0-1"], "spam-1.0_1-py3-none-any.whl", "1.0-1"),
        ("foo-bar", ["1.0"], "Foo.Bar-1.0.tar.gz", "1.0"),
        ("foo-bar", ["1.0"], "foo_bar-1.0-py2.7.egg", "1.0"),
        ("numpy", ["1.0.1", "1.0.1.dev3460"], "numpy-1.0.1.dev3460.win32-py2.4.exe", "1.0.1.dev3460"),
        ("spam", ["1.0", "1.0-beta"], "spam-1.0_beta-py2.7.egg", "1.0-beta"),
        ("spam", ["1.0"], "spam-1.01.win32.exe", None),
        ("spam", ["1.0"], "eggs-1.0.win32.exe", None),
        # A number of more digits than Python converts is no version; listed, it is found by its spelling.
        ("spam", ["1.0"], f"spam-{DIGITS}-py3-none-any.whl", None),
        ("spam", ["1.0"], f"spam-{DIGITS}.tar.gz", None),
        ("spam", [DIGITS], f"spam-{DIGITS}-py3-none-any.whl", DIGITS),
        ("spam", [], f"spam-1.0+{DIGITS}-py3-none-any.whl", None),
        ("spam", [], "spam-1.0.tar.gz", "1.0"),
        ("spam", [], "spam-1.0.win32.exe", None),
    ],
)
def test_version_of(project: str, versions: list[str], filename: str, expected: str | None) -> None:
    assert VersionFinder(project, versions).version_of(filename) == expected
    assert VersionFinder(project, versions[::-1]).version_of(filename) == expected
