"""Pages: the report, its charts and its text to paste, made from one gathering of answers."""
