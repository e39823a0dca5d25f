"""What of the pages the program itself tells: its commands, its schema, its queries, and what commands answer."""
