"""Benchmarks: the speed and memory that crawls and statistics must reach, bounded in count and time."""
