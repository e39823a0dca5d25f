"""Import: data that others have about an index becomes a dataset, as if a crawl had made it."""
