"""Versions as PEP 440 has them."""

from packaging.version import Version


def parsed_version(text: str) -> Version | None:
    """The version that the text is; None: it is none, or has a number of more digits than Python converts."""
    try:
        return Version(text)
    except ValueError:  # an InvalidVersion is one
        return None
