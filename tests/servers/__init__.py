"""Indexes that others wrote, crawled as their owners would let us."""
