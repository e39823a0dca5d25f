"""Real inputs, changed as a stranger would: each is read, or refused in one line. Nothing else happens."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.errors import InputError
from audit.scan.inputs import read
from audit.scan.inputs.recognize import InputFormat
from audit.scan.pins import Input
from tests.examples import examples

# Bills of materials that no installer makes: their own tests have examples.
_NOT_MADE = {"SPDX", "SPDX 3"}
MADE = {path.name.removesuffix(".made"): path.read_bytes() for path in Path(__file__).parent.glob("made/*.made")}
# What readers, parsers and terminals could trip over.
ODD = [
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b[2J", b"\r", "\u2028\u202e".encode(), b"\\ud800", b"\\\n"),
    *(b"[" * 3_000, b"{" * 3_000, b'{"a":' * 3_000, b"(" * 3_000, b"a." * 3_000, b"\\" * 99, b" " * 9_999),
    *(b'"', b"'", b'"""', b"#", b"//", b",", b"[[package]]\n", b"null", b"true", b"-1", b"1e999", b"9" * 5_000),
    *(b"nan", b"1979-05-27", b"0001-01-01T00:00:00+23:59", b"-r /dev/zero\n", b"-c made\n", b"-e .\n", b"--hash=\n"),
    *(b"${HOME}", b"pkg:pypi/%00@", b"https://a:secret@[::1", b"; (os_name", b"==", b"sha256:", b"_meta", b"\x85"),
]


@st.composite
def changed(draw: Any, text: bytes) -> bytes:
    """The text after some cuts, copies and insertions."""
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(text)))
        end = draw(st.integers(begin, min(len(text), begin + draw(st.sampled_from([0, 1, 8, 200])))))
        instead = draw(
            st.one_of(st.sampled_from(ODD), st.just(text[begin:end] * 2), st.just(b""), st.binary(max_size=4))
        )
        text = text[:begin] + instead + text[end:]
    return text


def test_all_kinds_are_there_and_read_as_they_are() -> None:
    found = {name: read("-", text=text) for name, text in MADE.items()}
    assert [name for name, each in found.items() if not each.pins] == []
    assert {each.format for each in found.values()} == {str(each) for each in InputFormat} - _NOT_MADE
    assert len({each.format for each in found.values()}) == len(found)


def read_or_refused(path: str, text: bytes) -> tuple[Input | None, str]:
    """What was read, or the one line that says why it was not."""
    try:
        return read(path, text=text), ""
    except InputError as error:
        return None, str(error)


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_changed_input_is_read_or_refused_in_one_line(name: str) -> None:
    @settings(deadline=None, max_examples=examples(150))
    @given(changed(MADE[name]), st.sampled_from(["-", name]))
    def check(text: bytes, path: str) -> None:
        found, shown = read_or_refused(path, text)
        assert len(shown.splitlines()) <= 1
        assert "secret" not in shown
        if found is not None:
            assert all(pin.line is None or pin.line >= 1 for pin in found.pins)
            assert not any("secret" in each.what for each in found.not_on_index)

    check()
