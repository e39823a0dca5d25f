/*
question = "When was the first file of each release uploaded?"
grain = "one row for each release with a file"
order = "none: it is a relation to query"
source = "visible_first_uploads; true_first_uploads if deleted files are to count"
caveat = "Of the files still visible, unless deleted ones are to count: if the first file was deleted, the release looks younger than it is. All other queries take the first upload from here."
uses = ["visible_first_uploads"]
including_deleted = "true_first_uploads"
portable = true

[columns]
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of the release; null: none is known" }
last_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "latest upload of a file of the release that is still visible; null: no file with a time" }
file_count = { type = "BIGINT", unit = "count", meaning = "files of the release that are still visible" }
untimed_file_count = { type = "BIGINT", unit = "count", meaning = "those without an upload time" }
*/
select release_number, first_uploaded_at, last_uploaded_at, file_count, untimed_file_count
from visible_first_uploads
