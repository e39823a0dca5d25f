/*
question = "Which files could an installer pick on each release's first day, in which order did they come?"
grain = "one row for each candidate within 24 hours of the first file, of releases with more than one"
order = "none: it is a relation to query"
source = "placed_candidates"
caveat = "What came later is not part of a normal upload. A lone candidate is picked from its first moment on. The places in day_picks are those of this view."
uses = ["placed_candidates"]

[columns]
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
place = { type = "BIGINT", meaning = "1 for the release's first candidate, by upload time, then filename" }
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
is_wheel = { type = "BOOLEAN", meaning = "a wheel, else an sdist" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release" }
*/
from placed_candidates('day')
qualify count(*) over (partition by release_number) > 1
