/*
question = "What are the numbers based on?"
grain = "one row"
order = "none: one row"
source = "projects, releases, files, set_aside, crawls"
caveat = "Deleted files and quarantined projects are not listed, and a project that failed keeps the rows of its last usable answer."
uses = ["releases", "is_reached"]

[columns]
asked_project_count = { type = "BIGINT", unit = "count", meaning = "projects ever asked for: the denominator" }
found_project_count = { type = "BIGINT", unit = "count", meaning = "the last usable answer listed them" }
missing_project_count = { type = "BIGINT", unit = "count", meaning = "the last usable answer said that there is none" }
quarantined_project_count = { type = "BIGINT", unit = "count", meaning = "the last usable answer said quarantined" }
unknown_project_count = { type = "BIGINT", unit = "count", meaning = "no usable answer yet" }
failed_project_count = { type = "BIGINT", unit = "count", meaning = "the last request had no usable answer, even if an earlier one had" }
found_share = { type = "DOUBLE", unit = "share", meaning = "found_project_count / asked_project_count" }
releases = { type = "BIGINT", meaning = "releases listed now" }
empty_release_count = { type = "BIGINT", unit = "count", meaning = "releases with no file" }
files = { type = "BIGINT", meaning = "files listed now" }
untimed_file_count = { type = "BIGINT", unit = "count", meaning = "files without an upload time, as the index gives none: they have no lag" }
unlisted_release_count = { type = "BIGINT", unit = "count", meaning = "releases that the index does not list: known only from names of files" }
misdeclared_file_count = { type = "BIGINT", unit = "count", meaning = "files that the index declares as another kind than the ending of their name means: the ending decides" }
set_aside_file_count = { type = "BIGINT", unit = "count", meaning = "files that could not be read or placed: they are not among the files" }
set_aside_field_count = { type = "BIGINT", unit = "count", meaning = "fields of files or pages that could not be read: null in their place" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "earliest upload; null: no file with a time" }
last_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "latest upload; null: no file with a time" }
oldest_answer_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "oldest of the projects' last usable answers; null: none" }
newest_answer_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "newest of them: the age of the crawl counts from here; null: none" }
recorded_project_count = { type = "BIGINT", unit = "count", meaning = "projects whose rows are of a page that was recorded earlier and replayed" }
oldest_recorded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when the oldest of these pages was recorded; null: none was" }
newest_recorded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when the newest of these pages was recorded; null: none was" }
recorded_from = { type = "VARCHAR", meaning = "the indexes that they were recorded from, as their recorder named them; null: none was recorded" }
crawl_count = { type = "BIGINT", unit = "count", meaning = "crawls and imports whose record the dataset holds" }
sources = { type = "VARCHAR", meaning = "what was asked: crawl (an index), or what was imported; if several, all" }
*/
with asked as (
    select
        count(*) as asked_project_count,
        count(*) filter (status = 'found') as found_project_count,
        count(*) filter (status = 'missing') as missing_project_count,
        count(*) filter (status = 'quarantined') as quarantined_project_count,
        count(*) filter (status = 'unknown') as unknown_project_count,
        count(*) filter (not is_reached(last_outcome)) as failed_project_count,
        min(last_checked_at) as oldest_answer_at,
        max(last_checked_at) as newest_answer_at,
        count(recorded_at) as recorded_project_count,
        min(recorded_at) as oldest_recorded_at,
        max(recorded_at) as newest_recorded_at,
        string_agg(distinct recorded_from, ', ' order by recorded_from) as recorded_from
    from projects
),

listed as (
    select
        count(*) as releases,
        count(*) filter (file_count = 0) as empty_release_count,
        coalesce(sum(file_count), 0)::bigint as files,
        coalesce(sum(untimed_file_count), 0)::bigint as untimed_file_count,
        count(*) filter (not is_listed) as unlisted_release_count,
        min(first_uploaded_at) as first_uploaded_at,
        max(last_uploaded_at) as last_uploaded_at
    from releases
)

select
    asked.asked_project_count,
    asked.found_project_count,
    asked.missing_project_count,
    asked.quarantined_project_count,
    asked.unknown_project_count,
    asked.failed_project_count,
    asked.found_project_count / nullif(asked.asked_project_count, 0) as found_share,
    listed.releases,
    listed.empty_release_count,
    listed.files,
    listed.untimed_file_count,
    listed.unlisted_release_count,
    (select count(*) from files where declared_kind is not null) as misdeclared_file_count,
    (select count(*) from set_aside where is_whole_file) as set_aside_file_count,
    (select count(*) from set_aside where not is_whole_file) as set_aside_field_count,
    listed.first_uploaded_at,
    listed.last_uploaded_at,
    asked.oldest_answer_at,
    asked.newest_answer_at,
    asked.recorded_project_count,
    asked.oldest_recorded_at,
    asked.newest_recorded_at,
    asked.recorded_from,
    (select count(distinct crawl_id) from crawls) as crawl_count,
    (select string_agg(distinct source, ', ' order by source) from crawls) as sources
from asked
cross join listed
