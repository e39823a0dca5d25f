"""Shell: SQL over a dataset, statement by statement, for a person at a terminal."""

from audit.shell.dialogue import Dialogue, Manner
from audit.shell.tables import read_table

__all__ = ["Dialogue", "Manner", "read_table"]
