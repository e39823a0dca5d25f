/*
question = "Which files could an installer pick, in grown releases and on a first day?"
grain = "one row for each candidate of grown releases, and one for each candidate of a release's first day"
order = "none: it is a relation to query"
source = "shaped_candidates, grown_files"
caveat = "A file can be in both scopes; a lone candidate of a release is in both too, if the release grew."
uses = ["shaped_candidates", "days", "grown_files"]

[columns]
scope = { type = "VARCHAR", meaning = "grown: all files of releases that grew; day: the first 24 hours of every release" }
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release" }
shape_number = { type = "BIGINT", meaning = "its shape in shapes" }
*/
select 'grown' as scope, *
from shaped_candidates
semi join grown_files using (release_number)
union all
select 'day' as scope, *
from shaped_candidates
where lag_us <= days(1)
