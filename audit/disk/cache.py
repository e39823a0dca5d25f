"""The program's folder in the user's cache: what is kept there can be made again."""

from pathlib import Path

from platformdirs import user_cache_path


def cache(part: str) -> Path:
    """The folder of one ``part`` of the program; it need not be there yet."""
    return user_cache_path("release-audit", appauthor=False) / part
