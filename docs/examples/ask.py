"""Asks a dataset from Python: ``ask.py DATASET``."""

import sys

import audit

with audit.open(sys.argv[1]) as dataset:
    late = dataset.query("late-files", window_days=30).df()
    kinds = dataset.sql("select kind, count(*) as files from files group by kind order by files desc").rows()

print(f"{len(late)} files came more than 30 days late, the last of them on {late['uploaded_at'].max():%Y-%m-%d}")
print(kinds[0])
