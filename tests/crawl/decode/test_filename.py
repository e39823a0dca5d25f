"""What a filename says."""

import pytest
from packaging.utils import NormalizedName
from pip._internal.utils.filetypes import ARCHIVE_EXTENSIONS

from audit.crawl.decode.filename import kind_of, wheel_columns, wheel_tags


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
        ("spam-v1.0.WIN32.zip", "dumb"),
        ("zope.win32-1.0.tar.gz", "sdist"),
        ("zope.win32-1.0.win32.zip", "dumb"),
        ("kiwi.linux-helper-1.0.tar.gz", "sdist"),
        ("kiwi.linux-helper-1.0.linux-x86_64.tar.gz", "dumb"),
        *((f"spam-1.0{ending}", "sdist") for ending in ARCHIVE_EXTENSIONS if ending != ".whl"),
        ("spam-1.0.tar.Z", "sdist"),
        ("spam-1.0.ZIP", "sdist"),
        ("spam-1.0.linux-x86_64.tar.bz2", "dumb"),
        ("spam-1.0.whl.asc", None),
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
        ("spam-1.0-\u0661-py3-none-any.whl", (None,) * 4),
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
    ("project", "filename", "tags"),
    [
        ("num-2", "num_2-1.0-py3-none-any.whl", (None, "py3", "none", "any")),
        ("num-2", "Num.2-1.0-py3-none-any.whl", (None, "py3", "none", "any")),
        ("num-2", "num-2-1.0-py3-none-any.whl", (None,) * 4),
        ("py-date", "py-date-1.0-py3-none-any.whl", (None,) * 4),
        ("spam", "eggs-1.0-py3-none-any.whl", (None,) * 4),
    ],
)
def test_a_wheel_of_another_name_has_no_tags(project: str, filename: str, tags: tuple[str | None, ...]) -> None:
    columns = wheel_columns(NormalizedName(project), [filename], ["wheel"])
    assert tuple(column[0] for column in columns.values()) == tags
