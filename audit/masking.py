"""Masking: no address is shown or stored with a possible secret in it. Only this module decides what is one.

In an address the name and the password are before an "@", and a token may follow a "?" or a "#". A password may itself
contain these, unencoded: if an address can be read in two ways, the masked one hides the secrets of both.
"""

import re
from typing import Final

MASK: Final = "****"
# An address in a text ends at a blank; a quote, a bracket or a full stop at its end belongs to the text.
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]{0,20}://\S*[^\s'\"<>(){}\[\],;:.]", re.IGNORECASE)


def masked(address: str) -> str:
    """An address for display, without name, password, query and fragment; it need not be valid."""
    scheme, separator, rest = address.partition("://") if "://" in address else ("", "", address)
    place, mark, after = _split(rest)
    if mark and "@" in after:  # a password with that mark in it, or a token with an "@": this cannot be decided
        return f"{scheme}{separator}{MASK}"
    _, at, place = place.rpartition("@")
    return f"{scheme}{separator}{MASK + '@' if at else ''}{place}"


def masked_text(text: str) -> str:
    """A text, such as a library's error, with every address in it masked."""
    return _ADDRESS.sub(lambda found: masked(found[0]), text)


def _split(rest: str) -> tuple[str, str, str]:
    """The part before the first "?" or "#", that mark, and the rest."""
    found = re.search(r"[?#]", rest)
    return (rest[: found.start()], found[0], rest[found.end() :]) if found else (rest, "", "")
