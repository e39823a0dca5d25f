"""uv.lock: its pins, and the message for one that does not fit."""

from datetime import UTC, datetime

import pytest

from audit.errors import InputError
from audit.scan.inputs import read
from audit.scan.pins import Input, PinnedBy

WHEEL, SDIST = "a1" * 32, "b2" * 32
FILES = "https://files.example.org/spam_eggs-1.0%2Blocal"
AT = "2024-05-06T07:08:09.123456Z"
LOCK = f"""version = 1
revision = 3
requires-python = ">=3.11"
resolution-markers = [
    "sys_platform == 'win32'",
]

[manifest]
members = [
    "app",
    "part",
]

[[package]]
name = "app"
version = "0.1.0"
source = {{ virtual = "." }}

[[package]]
name = "part"
version = "0.1.0"
source = {{ editable = "packages/part" }}

[[package]]
name = "Spam.Eggs"
version = "1.0+local"
source = {{ registry = "https://ann:secret@index.example.org/simple" }}
resolution-markers = [
    "sys_platform == 'win32'",
    "sys_platform == 'darwin'",
]
sdist = {{ url = "{FILES}.tar.gz", hash = "sha256:{SDIST}", size = 12, upload-time = "{AT}" }}
wheels = [
    {{ url = "{FILES}-py3-none-any.whl#x", hash = "sha256:{WHEEL}", size = 34 }},
]

[[package]]
name = "unhashed"
version = "2.0"
source = {{ registry = "https://index.example.org/simple" }}
wheels = [
    {{ url = "https://files.example.org/unhashed-2.0-py3-none-any.whl" }},
]

[[package]]
name = "of-git"
version = "3.0"
source = {{ git = "https://ann:secret@git.example.org/of-git?rev=main#0123" }}

[[package]]
name = "of-folder"
version = "3.1"
source = {{ directory = "../of-folder" }}

[[package]]
name = "flat"
version = "3.2"
source = {{ registry = "wheels" }}
wheels = [
    {{ path = "flat-3.2-py3-none-any.whl" }},
]
"""


def locked(text: str) -> Input:
    return read("uv.lock", text=text.encode())


def test_each_file_with_its_hash_size_time_and_line() -> None:
    found = locked(LOCK)
    assert (found.source, found.format) == ("uv.lock", "uv.lock")
    pin, unhashed = found.pins
    assert (pin.project, pin.version, pin.pinned_by) == ("spam-eggs", "1.0+local", PinnedBy.HASH)
    assert LOCK.splitlines()[pin.line - 1 if pin.line else 0] == 'name = "Spam.Eggs"'
    sdist, wheel = pin.files
    assert (sdist.filename, sdist.sha256, sdist.size_bytes) == ("spam_eggs-1.0+local.tar.gz", SDIST, 12)
    assert sdist.uploaded_at == datetime(2024, 5, 6, 7, 8, 9, 123456, UTC)
    assert (wheel.filename, wheel.sha256) == ("spam_eggs-1.0+local-py3-none-any.whl", WHEEL)
    assert (wheel.size_bytes, wheel.uploaded_at) == (34, None)
    for file in (sdist, wheel):
        assert file.line is not None
        assert file.sha256 is not None
        assert file.sha256 in LOCK.splitlines()[file.line - 1]
    assert pin.marker == '(sys_platform == "win32") or (sys_platform == "darwin")'
    assert pin.index == "https://****@index.example.org/simple"
    assert (unhashed.pinned_by, unhashed.files[0].filename) == (PinnedBy.FILENAME, "unhashed-2.0-py3-none-any.whl")


def test_what_no_index_has() -> None:
    elsewhere = {each.name: each.what for each in locked(LOCK).not_on_index}
    assert elsewhere == {
        "of-git": "the repository https://****@git.example.org/of-git",
        "of-folder": "the folder ../of-folder",
        "flat": "the folder wheels",
    }
    assert all(each.line for each in locked(LOCK).not_on_index)


@pytest.mark.parametrize("kind", ["virtual", "editable"])
def test_the_project_itself_is_not_a_pin(kind: str) -> None:
    text = f'version = 1\n\n[[package]]\nname = "app"\nversion = "0"\nsource = {{ {kind} = "." }}\n'
    assert (locked(text).pins, locked(text).not_on_index) == ([], [])


def test_a_lock_of_nothing() -> None:
    assert locked('version = 1\nrequires-python = ">=3.11"\n').pins == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"1.0+local"', "1", "uv.lock, line 25: package[2].version: expected `str`, got `int` (uv.lock)"),
        ('name = "Spam.Eggs"', 'name = "spam eggs"', "uv.lock, line 25: the name of a project is expected"),
        ("size = 12", "size = -1", "uv.lock, line 25: package[2].sdist.size: expected `int` >= 0"),
        ("size = 12", f"size = {2**63}", "uv.lock, line 25: package[2].sdist.size: "),
        ("size = 12", f"size = {'9' * 5000}", "uv.lock: a number in it has more than 4,300 digits"),
        ("2024-05-06T", "0001-01-01T", None),
        ("07:08:09.123456Z", "yesterday", "uv.lock, line 25: package[2].sdist.upload-time: "),
        ("2024-05-06T07:08:09.123456Z", "0001-01-01T00:00:00+01:00", "uv.lock, line 32: a time of the years 1 to 9999"),
        ("== 'darwin'", "is darwin", "uv.lock, line 25: an environment marker is expected (PEP 508)"),
        ("[manifest]", "[manifest", "uv.lock, line 8: it is not TOML: "),
        ('{ directory = "../of-folder" }', "{ }", "uv.lock, line 51: a source is expected: registry, git, "),
    ],
)
def test_what_does_not_fit_is_reported_with_its_line(old: str, new: str, expected: str | None) -> None:
    assert old in LOCK
    text = LOCK.replace(old, new, 1)
    if expected is None:
        assert locked(text).pins
        return
    with pytest.raises(InputError) as caught:
        locked(text)
    assert str(caught.value).startswith(expected)


def test_deep_nesting_and_keys_of_thousands_of_parts_are_refused() -> None:
    for text in ("a = " + "[" * 100_000, "a = " + "{a = " * 100_000, "a" + ".a" * 100_000 + " = 1", "[" * 10_000_000):
        with pytest.raises(InputError):
            locked(text)


def test_a_lock_of_millions_of_values_is_refused() -> None:
    with pytest.raises(InputError, match="at most 4,000,000 values"):
        locked("version = 1\nresolution-markers = [" + '"",' * 4_000_001 + "]")
