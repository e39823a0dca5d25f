/*
question = "When was the first file of each release uploaded, deleted ones counted?"
grain = "one row for each release with a file that is listed now"
order = "none: it is a relation to query"
source = "visible_first_uploads and deleted_uploads"
caveat = "Only known deleted files count: see deleted_uploads. Without any, this is the same as visible_first_uploads."
uses = ["visible_first_uploads", "deleted_uploads"]

[columns]
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "earliest known upload of a file of the release; null: none is known" }
last_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "latest upload of a file of the release that is still visible; null: no file with a time" }
file_count = { type = "BIGINT", unit = "count", meaning = "files of the release that are still visible" }
untimed_file_count = { type = "BIGINT", unit = "count", meaning = "those without an upload time" }
visible_first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "earliest upload of a file of the release that is still visible; null: no file with a time" }
is_earlier = { type = "BOOLEAN", meaning = "a deleted file was uploaded before every one that is listed" }
*/
with deleted as (
    select release_number, min(uploaded_at) as uploaded_at
    from deleted_uploads
    where release_number is not null
    group by release_number
)

-- least() passes over nulls.
select
    visible.release_number,
    least(visible.first_uploaded_at, deleted.uploaded_at) as first_uploaded_at,
    visible.last_uploaded_at,
    visible.file_count,
    visible.untimed_file_count,
    visible.first_uploaded_at as visible_first_uploaded_at,
    coalesce(deleted.uploaded_at < visible.first_uploaded_at, false) as is_earlier
from visible_first_uploads as visible
left join deleted on deleted.release_number = visible.release_number
