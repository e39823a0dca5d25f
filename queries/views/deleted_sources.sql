/*
question = "How many deleted files are known, and from which source?"
grain = "one row for each source that knows of a deleted file"
order = "none: it is a relation to query"
source = "deleted_uploads"
caveat = "Only known deleted files count: see deleted_uploads."
uses = ["deleted_uploads"]

[columns]
source = { type = "VARCHAR", meaning = "the source; if several know a file, the first by name, so bigquery before crawl" }
file_count = { type = "BIGINT", unit = "count", meaning = "deleted files" }
listed_file_count = { type = "BIGINT", unit = "count", meaning = "of these, files of releases that are listed now" }
*/
select source, count(*) as file_count, count(release_number) as listed_file_count
from deleted_uploads
group by source
