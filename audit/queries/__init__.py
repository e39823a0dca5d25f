"""Queries: runs queries/*.sql over a dataset's tables."""
