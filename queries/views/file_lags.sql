/*
question = "How long after the first file of its release was each file uploaded?"
grain = "one row for each file listed now"
order = "none: it is a relation to query"
source = "files.parquet and first_uploads"
caveat = "The first upload is that of the first file still visible, or known if deleted ones count: if one before it was deleted, the lag is a lower bound."
extends = "files"
uses = ["first_uploads"]
portable = true

[columns]
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of the release; null: none is known" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "uploaded_at - first_uploaded_at, exact; null: the file has no time" }
*/
select
    file.*,
    first_uploads.first_uploaded_at,
    epoch_us(file.uploaded_at) - epoch_us(first_uploads.first_uploaded_at) as lag_us
from files as file
join first_uploads on first_uploads.release_number = file.release_number
