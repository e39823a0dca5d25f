/*
question = "Which files could an installer pick, in grown releases and on a first day?"
grain = "one row for each candidate of grown releases, and one for each candidate of a release's first day"
order = "none: it is a relation to query"
source = "named_candidates, grown_named_candidates"
caveat = "A file can be in both scopes; a lone candidate of a release is in both too, if the release grew."
uses = ["named_candidates", "grown_named_candidates", "days"]

[columns]
scope = { type = "VARCHAR", meaning = "grown: all files of releases that grew; day: the first 24 hours of every release" }
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
select 'grown' as scope, *
from grown_named_candidates
union all
select 'day' as scope, *
from named_candidates
where lag_us <= days(1)
