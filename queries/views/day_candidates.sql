/*
question = "Which files could an installer pick on each release's first day, in which order did they come?"
grain = "one row for each candidate within 24 hours of the first file, of releases with more than one"
order = "none: it is a relation to query"
source = "scoped_candidates"
caveat = "What came later is not part of a normal upload. A lone candidate is picked from its first moment on. The places in day_picks are those of this view."
uses = ["scoped_candidates"]

[columns]
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
place = { type = "BIGINT", meaning = "1 for the release's first candidate, by upload time, then filename" }
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
select
    release_number,
    row_number() over (partition by release_number order by file_number) as place,
    * exclude (release_number, scope)
from scoped_candidates
where scope = 'day'
qualify count(*) over (partition by release_number) > 1
