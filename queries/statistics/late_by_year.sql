/*
question = "How many files came late in each year, and do they become fewer?"
grain = "one row for each year (UTC) with an upload"
order = "year"
source = "files.parquet, release_history and grown_files"
caveat = "A late file counts in the year of its own upload; its release may be years older."
uses = ["release_history", "grown_files", "days", "utc"]
portable = true

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
year = { type = "BIGINT", meaning = "year of upload, UTC" }
files = { type = "BIGINT", meaning = "files uploaded in the year: the denominator of late_share" }
late_files = { type = "BIGINT", meaning = "late files uploaded in the year" }
late_releases = { type = "BIGINT", meaning = "releases that got a late file in the year" }
late_projects = { type = "BIGINT", meaning = "projects that got a late file in the year" }
late_share = { type = "DOUBLE", unit = "share", meaning = "late_files / files" }
first_release_count = { type = "BIGINT", unit = "count", meaning = "releases first uploaded in the year" }
later_grown_release_count = { type = "BIGINT", unit = "count", meaning = "of those, the ones that got a late file, in whatever year" }
grown_share = { type = "DOUBLE", unit = "share", meaning = "later_grown_release_count / first_release_count" }
*/
with uploads as (
    select year(utc(uploaded_at)) as year, count(*) as files
    from files
    where uploaded_at is not null
    group by year(utc(uploaded_at))
),

late as (
    select
        year(utc(uploaded_at)) as year,
        count(*) as late_files,
        count(distinct release_number) as late_releases,
        count(distinct project_number) as late_projects
    from grown_files
    where lag_us > days($window_days)
    group by year(utc(uploaded_at))
),

begun as (
    select
        year(utc(first_uploaded_at)) as year,
        count(*) as first_release_count,
        count(case when open_us > days($window_days) then 1 end) as later_grown_release_count
    from release_history
    group by year(utc(first_uploaded_at))
)

select
    uploads.year,
    uploads.files,
    coalesce(late.late_files, 0) as late_files,
    coalesce(late.late_releases, 0) as late_releases,
    coalesce(late.late_projects, 0) as late_projects,
    coalesce(late.late_files, 0) / nullif(uploads.files, 0) as late_share,
    coalesce(begun.first_release_count, 0) as first_release_count,
    coalesce(begun.later_grown_release_count, 0) as later_grown_release_count,
    begun.later_grown_release_count / nullif(begun.first_release_count, 0) as grown_share
from uploads
left join late on late.year = uploads.year
left join begun on begun.year = uploads.year
order by uploads.year
