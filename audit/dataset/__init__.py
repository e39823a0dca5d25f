"""Dataset: records <-> Parquet. Owns the schema, the staging of a crawl, its commit and the history.

A dataset is a folder that any Parquet tool can read:

    files.parquet  releases.parquet  projects.parquet  events/CRAWL.parquet  crawls/CRAWL.parquet

These are links into ``current``, itself a link to one generation: replacing that link is the commit.
"""
