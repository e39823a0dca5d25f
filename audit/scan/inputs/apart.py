"""Several inputs at once, where one may include another: each pin counts once. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from audit.scan.pins import Input


def apart(inputs: Sequence[Input]) -> list[Input]:
    """The inputs in their order: each once, and without what it includes from another of them.

    ``dev.txt`` with ``-r base.txt`` has the pins of both if it is scanned alone, and its own beside ``base.txt``.
    """
    by_source = {each.source: each for each in inputs}
    return [
        replace(
            each,
            pins=[pin for pin in each.pins if pin.source == source or pin.source not in by_source],
            not_on_index=[item for item in each.not_on_index if item.source == source or item.source not in by_source],
        )
        for source, each in by_source.items()
    ]
