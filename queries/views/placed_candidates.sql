/*
question = "In which order did the files come that an installer could pick?"
grain = "one row for each candidate"
order = "none: it is a relation to query"
source = "scoped_candidates"
caveat = "The places in picks are these, for the same scope."
uses = ["scoped_candidates"]

[parameters]
scope_ = { type = "VARCHAR", meaning = "grown or day: see scoped_candidates" }

[columns]
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
place = { type = "BIGINT", meaning = "1 for the release's first candidate, by upload time, then filename" }
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
is_wheel = { type = "BOOLEAN", meaning = "a wheel, else an sdist" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release" }
*/
select
    release_number,
    row_number() over (partition by release_number order by file_number) as place,
    file_number,
    is_wheel,
    lag_us
from scoped_candidates
where scope = $scope_
