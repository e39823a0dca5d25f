/*
question = "How did each release complete on its first day?"
grain = "one row for each release with a timed file"
order = "none: it is a relation to query"
source = "file_lags"
caveat = "Only files within 24 hours of the first count: what came later is not part of a normal upload."
uses = ["file_lags", "days"]

[columns]
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
day_file_count = { type = "BIGINT", unit = "count", meaning = "files within 24 hours of the first" }
complete_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the last of them" }
sdist_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the first sdist among them; null: none" }
wheel_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the first wheel among them; null: none" }
*/
select
    release_number,
    count(*) as day_file_count,
    max(lag_us) as complete_us,
    min(lag_us) filter (kind = 'sdist') as sdist_us,
    min(lag_us) filter (kind = 'wheel') as wheel_us
from file_lags
where lag_us <= days(1)
group by release_number
