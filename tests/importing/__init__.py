"""What others have of an index, imported."""
