"""The text of a list of requirements, decoded as pip does it. Pure.

https://pip.pypa.io/en/stable/reference/requirements-file-format/#encoding: UTF-8, or what a byte order mark or a
comment in the first two lines says (PEP 263), or what the locale says.
"""

import codecs
import locale
import re
import sys
from typing import Final

from audit.errors import InputError

# The little-endian mark of UTF-32 begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
)
_DECLARED: Final = re.compile(rb"#.*?coding[:=]\s*([-\w.]{1,40})")


def decoded(body: bytes, source: str) -> str:
    """The text.

    Raises:
        InputError: the bytes are not text in that encoding.
    """
    for mark, coding in _MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], coding, source)
    for line in body[:4096].split(b"\n")[:2]:
        if found := _DECLARED.match(line):
            return _decoded(body, found[1].decode("ascii", "replace"), source)
    try:
        return body.decode()
    except UnicodeDecodeError:
        return _decoded(body, locale.getencoding() or sys.getdefaultencoding(), source)


def _decoded(body: bytes, coding: str, source: str) -> str:
    try:
        return body.decode(coding)
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise InputError(source, line, f"text in {coding} is expected") from None
    except (LookupError, ValueError, AssertionError):  # no such encoding, or one that does not turn bytes into text
        raise InputError(source, 1, "the coding that its comment names is not known") from None
