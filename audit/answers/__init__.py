"""What a dataset answers: rows with what they mean, and what a query promises, each with a form for every use."""

from audit.answers.answer import Answer
from audit.answers.definition import Definition, definition_of, listed

__all__ = ["Answer", "Definition", "definition_of", "listed"]
