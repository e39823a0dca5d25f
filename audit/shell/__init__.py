"""Shell: SQL over a dataset, statement by statement, for a person at a terminal."""

from audit.shell.dialogue import Dialogue
from audit.shell.prompt import converse

__all__ = ["Dialogue", "converse"]
