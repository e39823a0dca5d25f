/*
question = "When was the first file of each release uploaded that is still visible?"
grain = "one row for each release with a file"
order = "none: it is a relation to query"
source = "files.parquet"
caveat = "If the first file was deleted, the release looks younger than it is."
is_shared = true
portable = true

[columns]
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "earliest upload of a file of the release that is still visible; null: no file with a time" }
last_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "latest upload of a file of the release that is still visible; null: no file with a time" }
file_count = { type = "BIGINT", unit = "count", meaning = "files of the release that are still visible" }
untimed_file_count = { type = "BIGINT", unit = "count", meaning = "those without an upload time" }
*/
-- A file without a time does not move the first upload: min() passes over nulls. The counts are here because no other
-- view need then group all files by release once more.
select
    release_number,
    min(uploaded_at) as first_uploaded_at,
    max(uploaded_at) as last_uploaded_at,
    count(*) as file_count,
    count(case when uploaded_at is null then 1 end) as untimed_file_count
from files
group by release_number
