"""Counts in words, for texts that people read."""


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """A count with its noun: ``1 file``, ``2,000 files``; ``plural`` if it is not the noun with an s."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"
