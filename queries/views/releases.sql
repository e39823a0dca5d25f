/*
question = "Which releases are listed, and over what time did each grow?"
grain = "one row for each release listed now, also those with no file"
order = "none: it is a relation to query"
source = "releases.parquet and first_uploads"
caveat = "The first upload is that of the first file still visible, or known if deleted ones count: a deleted first file makes a release look younger."
extends = "releases"
uses = ["first_uploads"]
portable = true

[columns]
file_count = { type = "BIGINT", unit = "count", meaning = "files listed now" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of the release; null: none is known, or no file is listed" }
last_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "latest upload of a file still visible; null: no file with a time" }
untimed_file_count = { type = "BIGINT", unit = "count", meaning = "files without an upload time: the index gives none" }
*/
select
    release.*,
    coalesce(opened.file_count, 0) as file_count,
    opened.first_uploaded_at,
    opened.last_uploaded_at,
    coalesce(opened.untimed_file_count, 0) as untimed_file_count
from dataset.releases as release
left join first_uploads as opened on opened.release_number = release.release_number
