"""How bad a finding is. A light module: settings name levels, and no command should load Arrow for that."""

from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is, from the worst."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
