"""Benchmarks: the speed and memory that a crawl must reach, measured over loopback, bounded in count and time."""
