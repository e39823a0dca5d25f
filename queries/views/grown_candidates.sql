/*
question = "Which files could an installer pick in the releases that grew, in which order did they come?"
grain = "one row for each candidate of a release in grown_files"
order = "none: it is a relation to query"
source = "placed_candidates"
caveat = "Releases that no proposed rule would touch are left out: see grown_files."
uses = ["placed_candidates"]
is_shared = true

[columns]
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
place = { type = "BIGINT", meaning = "1 for the release's first candidate, by upload time, then filename" }
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
is_wheel = { type = "BOOLEAN", meaning = "a wheel, else an sdist" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release" }
*/
from placed_candidates('grown')
