/*
question = "Which shape does each file have that an installer can pick?"
grain = "one row for each candidate"
order = "none: it is a relation to query"
source = "named_candidates and shapes"
caveat = "See shapes."
uses = ["named_candidates", "shapes"]
is_shared = true

[columns]
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release" }
shape_number = { type = "BIGINT", meaning = "its shape in shapes" }
*/
select file.release_number, file.file_number, file.lag_us, shapes.shape_number
from named_candidates as file
join shapes using (name, set_number, admission_number, build_key, is_wheel, is_yanked)
