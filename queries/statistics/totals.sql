/*
question = "How much does the dataset hold?"
grain = "one row"
order = "none: one row"
source = "projects, releases, files, crawls"
caveat = "Counts what is listed now: deleted files and quarantined projects are not listed."
uses = ["releases"]
in_table = ["project_count", "release_count", "file_count", "untimed_file_count", "first_uploaded_at", "last_uploaded_at", "last_crawl_id"]

[columns]
project_count = { type = "BIGINT", unit = "count", meaning = "projects ever asked for" }
release_count = { type = "BIGINT", unit = "count", meaning = "releases listed now" }
empty_release_count = { type = "BIGINT", unit = "count", meaning = "releases with no file" }
file_count = { type = "BIGINT", unit = "count", meaning = "files listed now" }
untimed_file_count = { type = "BIGINT", unit = "count", meaning = "files whose upload time the index does not tell" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "earliest upload; null: no file with a time" }
last_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "latest upload; null: no file with a time" }
last_crawl_id = { type = "VARCHAR", meaning = "the last crawl that asked for a project; null: none" }
*/
select
    (select count(*) from projects) as project_count,
    count(*) as release_count,
    count(*) filter (file_count = 0) as empty_release_count,
    coalesce(sum(file_count), 0)::bigint as file_count,
    coalesce(sum(untimed_file_count), 0)::bigint as untimed_file_count,
    min(first_uploaded_at) as first_uploaded_at,
    max(last_uploaded_at) as last_uploaded_at,
    (select max(crawl_id) from crawls) as last_crawl_id
from releases
