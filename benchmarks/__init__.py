"""Benchmarks: what issue 3 asks of the crawl's speed, measured over loopback and bounded in count and time."""
