"""Whose rules hold; light, so that the command line can name them without loading what reads them."""

from enum import StrEnum


class RuleChoice(StrEnum):
    """``auto``: PyPI's rules for PyPI, from when its rule of 14 days was merged; none for any other index."""

    AUTO = "auto"
    PYPI_14D = "pypi-14d"
    NONE = "none"
