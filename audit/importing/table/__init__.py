"""Import of a table of uploads: Parquet with a row for each file that an index ever accepted.

Rows are never made one by one. What needs Python, such as versions and tags, is done once for each distinct value; a
project with an unusual row is decoded like the index's own page of it.
"""
