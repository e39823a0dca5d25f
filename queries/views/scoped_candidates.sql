/*
question = "Which files could an installer pick, in grown releases and on a first day?"
grain = "one row for each candidate of grown releases, and one for each candidate of a release's first day"
order = "none: it is a relation to query"
source = "candidates, grown_files"
caveat = "A file can be in both scopes; a lone candidate of a release is in both too, if the release grew."
uses = ["candidates", "days", "grown_files"]

[columns]
scope = { type = "VARCHAR", meaning = "grown: all files of releases that grew; day: the first 24 hours of every release" }
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
filename = { type = "VARCHAR", meaning = "name of the file" }
is_wheel = { type = "BOOLEAN", meaning = "a wheel, else an sdist" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release" }
build_key = { type = "VARCHAR", meaning = "sorts as build tags do: none, then by number, then by what follows it" }
python_tag = { type = "VARCHAR", meaning = "a wheel's interpreter tags; null: an sdist" }
abi_tag = { type = "VARCHAR", meaning = "a wheel's ABI tags; null: an sdist" }
platform_tag = { type = "VARCHAR", meaning = "a wheel's platform tags; null: an sdist" }
requires_python = { type = "VARCHAR", meaning = "interpreters that it admits, as written; null: any" }
is_yanked = { type = "BOOLEAN", meaning = "yanked (PEP 592); false also where the source does not say" }
*/
select 'grown' as scope, * exclude (uploaded_at, ending)
from candidates
semi join grown_files using (release_number)
union all
select 'day' as scope, * exclude (uploaded_at, ending)
from candidates
where lag_us <= days(1)
