"""Answers for a terminal and for machines: rows with their meaning, as text, table, CSV, JSON and Markdown; pure."""
