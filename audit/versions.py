"""Versions by PEP 440."""

from packaging.version import Version


def parsed_version(text: str) -> Version | None:
    """The text as a version; None: it is not one, or has a number with more digits than Python converts."""
    try:
        return Version(text)
    except ValueError:  # an InvalidVersion is one
        return None
