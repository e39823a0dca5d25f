"""Indexes that others wrote, each crawled as its owner runs it."""
