/*
question = "How long after the first file of its release was each file uploaded?"
grain = "one row for each file listed now"
order = "none: it is a relation to query"
source = "files.parquet"
caveat = "The first upload is that of the first file still visible: if that file was deleted, the lag is a lower bound."
extends = "files"

[columns]
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "earliest upload of a file of the release still visible; null: no file with a time" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "uploaded_at - first_uploaded_at, exact; null: the file has no time" }
*/
-- A file without a time neither has a lag nor moves the first upload: min() passes over nulls.
with first_uploads as (
    select project, version, min(uploaded_at) as first_uploaded_at
    from files
    group by project, version
)

select
    file.*,
    first_uploads.first_uploaded_at,
    epoch_us(file.uploaded_at) - epoch_us(first_uploads.first_uploaded_at) as lag_us
from files as file
join first_uploads on first_uploads.project = file.project and first_uploads.version = file.version
