"""Reports: answers -> terminal, markdown, CSV, JSON; pure."""
