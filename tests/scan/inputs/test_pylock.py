"""pylock.toml (PEP 751)."""

from datetime import UTC, datetime

import pytest

from audit.errors import InputError
from tests.scan.inputs.shown import ONE, OTHER, elsewhere_of, files_of, given, pins_of

LOCK = f"""lock-version = "1.0"
created-by = "by hand"
requires-python = ">=3.11"

[[packages]]
name = "spam"
version = "1.0"
marker = "'fast' in extras"
index = "https://ann:secret@index.example.org/simple"

[packages.sdist]
name = "spam-1.0.tar.gz"
url = "https://files.example.org/spam-1.0.tar.gz"
size = 12
upload-time = 2024-05-06T07:08:09.123456+01:00

[packages.sdist.hashes]
sha256 = "{ONE}"

[[packages.wheels]]
url = "https://files.example.org/spam-1.0-py3-none-any.whl"

[packages.wheels.hashes]
sha256 = "{OTHER}"

[[packages]]
name = "ham"
vcs = {{ type = "git", url = "https://ann:secret@git.example.org/ham.git", commit-id = "00" }}

[[packages]]
name = "jam"
directory = {{ path = "../jam" }}

[[packages]]
name = "tea"
archive = {{ url = "https://files.example.org/tea.zip?token=secret", hashes = {{ sha256 = "{ONE}" }} }}

[[packages]]
name = "here"
version = "1.0"
wheels = [ {{ path = "./here-1.0-py3-none-any.whl", hashes = {{ sha256 = "{ONE}" }} }} ]
"""


def test_what_is_pinned() -> None:
    found = given(LOCK)
    assert found.format == "pylock.toml"
    assert pins_of(found) == ['6: spam 1.0 hash if "fast" in extras from https://****@index.example.org/simple']
    assert files_of(found) == [(24, "spam-1.0-py3-none-any.whl", OTHER), (18, "spam-1.0.tar.gz", ONE)]
    _, sdist = found.pins[0].files
    assert (sdist.size_bytes, sdist.uploaded_at) == (12, datetime(2024, 5, 6, 6, 8, 9, 123456, UTC))
    assert elsewhere_of(found) == [
        (27, "ham", "the repository https://****@git.example.org/ham.git"),
        (31, "jam", "the folder ../jam"),
        (35, "tea", "the address https://files.example.org/tea.zip"),
        (39, "here", "the file ./here-1.0-py3-none-any.whl"),
    ]


@pytest.mark.parametrize(
    ("in_address", "expected"),
    [("Spam-1.0-py3-none-any.whl", "Spam-1.0-py3-none-any.whl"), ("download", "spam-1.0-py3-none-any.whl")],
)
def test_a_file_is_called_as_the_index_calls_it(in_address: str, expected: str) -> None:
    replacement = f'name = "spam-1.0-py3-none-any.whl"\nurl = "https://files.example.org/{in_address}"'
    found = given(LOCK.replace('url = "https://files.example.org/spam-1.0-py3-none-any.whl"', replacement))
    assert files_of(found)[0][1] == expected


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"),
    [
        ('version = "1.0"\nmarker', "version = 1\nmarker", 6, "packages[0].version does not fit"),
        ("'fast' in extras", "fast", 6, "packages[0].marker does not fit"),
        ("[packages.sdist.hashes]", "[packages.sdist.sums]", 6, "packages[0].sdist.hashes does not fit"),
        ('lock-version = "1.0"', 'lock-version = "2.0"', None, "the lock does not fit"),
        ("'fast' in extras", "(" * 5000 + "'fast' in extras" + ")" * 5000, None, ""),
    ],
)
def test_what_does_not_fit_is_reported_with_its_line(old: str, new: str, line: int | None, expected: str) -> None:
    assert old in LOCK
    with pytest.raises(InputError) as caught:
        given(LOCK.replace(old, new, 1))
    assert caught.value.line == line or not expected
    assert expected in str(caught.value)
