"""How many examples a property is tried with: all of them in ``make prove``, a part in ``make test``."""

from typing import Final

from hypothesis import settings

# Profiles of hypothesis: that of `make test`, and the one that `make prove` names.
QUICK: Final = "quick"
PROVE: Final = "prove"


def examples(most: int) -> int:
    """The ``max_examples`` of a property of which each example takes long: opens a dataset, say."""
    return most if settings.get_current_profile_name() == PROVE else max(3, most // 8)
