/*
question = "How much does the dataset hold?"
grain = "one row"
order = "none: one row"
source = "projects, releases, files, set_aside, crawls"
caveat = "Counts what is listed now: deleted files and quarantined projects are not listed."
uses = ["releases"]
in_table = ["project_count", "release_count", "file_count", "untimed_file_count", "first_uploaded_at", "last_uploaded_at", "last_crawl_id"]
portable = true

[columns]
project_count = { type = "BIGINT", unit = "count", meaning = "projects ever asked for" }
release_count = { type = "BIGINT", unit = "count", meaning = "releases listed now" }
empty_release_count = { type = "BIGINT", unit = "count", meaning = "releases with no file" }
file_count = { type = "BIGINT", unit = "count", meaning = "files listed now" }
untimed_file_count = { type = "BIGINT", unit = "count", meaning = "files without an upload time: the index gives none" }
unlisted_release_count = { type = "BIGINT", unit = "count", meaning = "releases that the index does not list: known only from names of files" }
misdeclared_file_count = { type = "BIGINT", unit = "count", meaning = "files that the index declares as another kind than the ending of their name means" }
set_aside_file_count = { type = "BIGINT", unit = "count", meaning = "files that could not be read or placed: they are not among the files" }
set_aside_field_count = { type = "BIGINT", unit = "count", meaning = "fields of files or pages that could not be read: null in their place" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "earliest upload; null: no file with a time" }
last_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "latest upload; null: no file with a time" }
last_crawl_id = { type = "VARCHAR", meaning = "the last crawl that asked for a project; null: none" }
*/
select
    (select count(*) from projects) as project_count,
    count(*) as release_count,
    count(case when release.file_count = 0 then 1 end) as empty_release_count,
    coalesce(sum(release.file_count), 0)::bigint as file_count,
    coalesce(sum(release.untimed_file_count), 0)::bigint as untimed_file_count,
    count(case when not release.is_listed then 1 end) as unlisted_release_count,
    (select count(*) from files where declared_kind is not null) as misdeclared_file_count,
    (select count(*) from set_aside where is_whole_file) as set_aside_file_count,
    (select count(*) from set_aside where not is_whole_file) as set_aside_field_count,
    min(release.first_uploaded_at) as first_uploaded_at,
    max(release.last_uploaded_at) as last_uploaded_at,
    (select max(crawl_id) from crawls) as last_crawl_id
from releases as release
