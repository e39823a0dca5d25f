"""Answers for a terminal and for machines: rows with what they mean, as text, table, CSV, JSON and Markdown; pure."""
