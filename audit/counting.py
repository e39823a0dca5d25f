"""Counts in words, wherever one is told to a person."""


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """How many of what: ``1 file``, ``2,000 files``; ``plural`` where it is more than an s behind the noun."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"
