/*
question = "What do the numbers stand on?"
grain = "one row"
order = "none: one row"
source = "projects, releases, files, set_aside, crawls"
caveat = "Deleted files and quarantined projects are not listed, and a project that failed keeps the rows of its last usable answer."
uses = ["releases", "is_reached"]

[columns]
projects_asked = { type = "BIGINT", meaning = "projects ever asked for: the denominator" }
projects_found = { type = "BIGINT", meaning = "the last usable answer listed them" }
projects_missing = { type = "BIGINT", meaning = "the last usable answer said that there is none" }
projects_quarantined = { type = "BIGINT", meaning = "the last usable answer said quarantined" }
projects_unknown = { type = "BIGINT", meaning = "no usable answer yet" }
projects_failed = { type = "BIGINT", meaning = "the last asking had no usable answer, whatever one before had" }
found_share = { type = "DOUBLE", unit = "share", meaning = "projects_found / projects_asked" }
releases = { type = "BIGINT", meaning = "releases listed now" }
empty_releases = { type = "BIGINT", meaning = "releases with no file" }
files = { type = "BIGINT", meaning = "files listed now" }
untimed_files = { type = "BIGINT", meaning = "files whose upload time the index does not tell: they are in no lag" }
unlisted_releases = { type = "BIGINT", meaning = "releases that the index does not list: only names of files speak of them" }
misdeclared_files = { type = "BIGINT", meaning = "files declared as another kind than the ending of their name, which decides" }
set_aside_files = { type = "BIGINT", meaning = "files that could not be read or placed: they are not among the files" }
set_aside_fields = { type = "BIGINT", meaning = "fields of files or pages that could not be read: null in their place" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "earliest upload; null: no file with a time" }
last_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "latest upload; null: no file with a time" }
oldest_answer_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "oldest of the projects' last usable answers; null: none" }
newest_answer_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "newest of them: the age of the crawl counts from here; null: none" }
recorded_projects = { type = "BIGINT", meaning = "projects whose rows are of a page that was recorded earlier and replayed" }
oldest_recorded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when the oldest of these pages was recorded; null: none was" }
newest_recorded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when the newest of these pages was recorded; null: none was" }
recorded_from = { type = "VARCHAR", meaning = "the indexes of which they were recorded, as whoever recorded them named them; null: none was" }
crawls = { type = "BIGINT", meaning = "crawls and imports whose record the dataset holds" }
sources = { type = "VARCHAR", meaning = "what these asked: crawl (an index), or what was imported; of several, all" }
*/
with asked as (
    select
        count(*) as projects_asked,
        count(*) filter (status = 'found') as projects_found,
        count(*) filter (status = 'missing') as projects_missing,
        count(*) filter (status = 'quarantined') as projects_quarantined,
        count(*) filter (status = 'unknown') as projects_unknown,
        count(*) filter (not is_reached(last_outcome)) as projects_failed,
        min(last_checked_at) as oldest_answer_at,
        max(last_checked_at) as newest_answer_at,
        count(recorded_at) as recorded_projects,
        min(recorded_at) as oldest_recorded_at,
        max(recorded_at) as newest_recorded_at,
        string_agg(distinct recorded_from, ', ' order by recorded_from) as recorded_from
    from projects
),

listed as (
    select
        count(*) as releases,
        count(*) filter (file_count = 0) as empty_releases,
        coalesce(sum(file_count), 0)::bigint as files,
        coalesce(sum(untimed_file_count), 0)::bigint as untimed_files,
        count(*) filter (not is_listed) as unlisted_releases,
        min(first_uploaded_at) as first_uploaded_at,
        max(last_uploaded_at) as last_uploaded_at
    from releases
)

select
    asked.projects_asked,
    asked.projects_found,
    asked.projects_missing,
    asked.projects_quarantined,
    asked.projects_unknown,
    asked.projects_failed,
    asked.projects_found / nullif(asked.projects_asked, 0) as found_share,
    listed.releases,
    listed.empty_releases,
    listed.files,
    listed.untimed_files,
    listed.unlisted_releases,
    (select count(*) from files where declared_kind is not null) as misdeclared_files,
    (select count(*) from set_aside where is_whole_file) as set_aside_files,
    (select count(*) from set_aside where not is_whole_file) as set_aside_fields,
    listed.first_uploaded_at,
    listed.last_uploaded_at,
    asked.oldest_answer_at,
    asked.newest_answer_at,
    asked.recorded_projects,
    asked.oldest_recorded_at,
    asked.newest_recorded_at,
    asked.recorded_from,
    (select count(distinct crawl_id) from crawls) as crawls,
    (select string_agg(distinct source, ', ' order by source) from crawls) as sources
from asked
cross join listed
