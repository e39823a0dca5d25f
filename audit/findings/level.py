"""How bad a finding is. Light: the settings name levels, and no command waits for Arrow because of that."""

from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is, from the worst."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
