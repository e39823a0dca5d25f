/*
question = "What does an installer look at, of each file that it can pick in a release that grew?"
grain = "one row for each candidate of a release in grown_files"
order = "none: it is a relation to query"
source = "named_candidates, grown_files"
caveat = "Releases that no proposed rule would touch are left out: see grown_files."
uses = ["named_candidates", "grown_files"]
is_shared = true

[columns]
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release" }
is_wheel = { type = "BOOLEAN", meaning = "a wheel, else an sdist" }
is_yanked = { type = "BOOLEAN", meaning = "yanked (PEP 592); false also where the source does not say" }
build_key = { type = "VARCHAR", meaning = "sorts as build tags do: none, then by number, then by what follows it" }
name = { type = "VARCHAR", meaning = "sorts as filenames do within a release: what follows the common beginning, or the name_order" }
set_number = { type = "BIGINT", meaning = "a wheel's tags in wheel_sets; 0: an sdist" }
admission_number = { type = "BIGINT", meaning = "the interpreters that it admits, in admissions; 0: any" }
*/
from named_candidates
semi join grown_files using (release_number)
