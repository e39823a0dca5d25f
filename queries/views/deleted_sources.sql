/*
question = "Of how many deleted files is anything known, and who told it?"
grain = "one row for each source that told of a deleted file"
order = "none: it is a relation to query"
source = "deleted_uploads"
caveat = "Only of deleted files that are known: see deleted_uploads."
uses = ["deleted_uploads"]

[columns]
source = { type = "VARCHAR", meaning = "what told them: of several sources the first by name, so bigquery before crawl" }
file_count = { type = "BIGINT", unit = "count", meaning = "deleted files" }
listed_file_count = { type = "BIGINT", unit = "count", meaning = "of these, files of releases that are listed now" }
*/
select source, count(*) as file_count, count(release_number) as listed_file_count
from deleted_uploads
group by source
