"""Import: what others have of an index becomes a dataset, as if a crawl had brought it."""
