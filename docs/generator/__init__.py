"""The parts of the pages that come from the program: its commands, its schema, its queries, and what commands print."""
