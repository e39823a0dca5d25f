/*
question = "When did the files of each release come, and when was it complete on its first day?"
grain = "one row for each release with a timed file"
order = "none: it is a relation to query"
source = "file_lags"
caveat = "What came more than 24 hours after the first file is not part of a normal upload. Where deleted files count, a release may have no file within that time."
uses = ["file_lags", "days"]
is_shared = true
portable = true

[columns]
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of the release" }
last_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "last upload still visible" }
open_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the last file" }
timed_file_count = { type = "BIGINT", unit = "count", meaning = "files with an upload time" }
later_file_count = { type = "BIGINT", unit = "count", meaning = "files with a lag above zero" }
day_file_count = { type = "BIGINT", unit = "count", meaning = "files within 24 hours of the first" }
complete_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the last of them; null: none" }
sdist_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the first sdist among them; null: none" }
wheel_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the first wheel among them; null: none" }
*/
select
    release_number,
    min(file_lags.first_uploaded_at) as first_uploaded_at,
    max(uploaded_at) as last_uploaded_at,
    max(lag_us) as open_us,
    count(*) as timed_file_count,
    count(case when lag_us > 0 then 1 end) as later_file_count,
    count(case when lag_us <= days(1) then 1 end) as day_file_count,
    max(case when lag_us <= days(1) then lag_us end) as complete_us,
    min(case when lag_us <= days(1) and kind = 'sdist' then lag_us end) as sdist_us,
    min(case when lag_us <= days(1) and kind = 'wheel' then lag_us end) as wheel_us
from file_lags
where lag_us is not null
group by release_number
