"""Import of a table of uploads: Parquet with a row for each file that an index ever took.

Rows are never made one by one. What must be looked at in Python, such as versions and tags, is looked at once for each
distinct value; a project with a row that is not as rows usually are is decoded like the index's own page of it.
"""
