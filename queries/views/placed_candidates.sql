/*
question = "In which order did the files come that an installer could pick?"
grain = "one row for each candidate"
order = "none: it is a relation to query"
source = "scoped_candidates, shapes"
caveat = "The places in picks are these, for the same scope."
uses = ["scoped_candidates", "shapes"]

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
    file.release_number,
    row_number() over (partition by file.release_number order by file.file_number) as place,
    file.file_number,
    shapes.is_wheel,
    file.lag_us
from scoped_candidates as file
join shapes using (shape_number)
where file.scope = $scope_
