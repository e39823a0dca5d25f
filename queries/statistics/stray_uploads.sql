/*
question = "How many late files look as if they were built for another version, so that a version bump may have been forgotten?"
grain = "one row for all late files, one for each year of upload"
order = "all, then years"
source = "stray_files and grown_files"
caveat = "That two uploads are close in time does not show why: wheels for several versions are also built on one day on purpose. stray_files says what a neighbour is."
uses = ["stray_files", "grown_files", "days", "utc"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
counted = { type = "VARCHAR", meaning = "all or year" }
value = { type = "VARCHAR", meaning = "all, or the year of upload, UTC" }
late_files = { type = "BIGINT", meaning = "late files: the denominator" }
stray_file_count = { type = "BIGINT", unit = "count", meaning = "late files that came within an hour of the first file of a neighbouring version, before or after it" }
stray_share = { type = "DOUBLE", unit = "share", meaning = "stray_file_count / late_files" }
stray_release_count = { type = "BIGINT", unit = "count", meaning = "releases with such a file" }
stray_project_count = { type = "BIGINT", unit = "count", meaning = "projects with such a file" }
greater_file_count = { type = "BIGINT", unit = "count", meaning = "of stray_file_count, those whose neighbour is a greater version: a bump may have been forgotten" }
*/
with late as materialized (
    select
        file.release_number,
        file.project_number,
        year(utc(file.uploaded_at))::varchar as uploaded_year,
        stray.is_greater
    from grown_files as file
    left join stray_files(days($window_days)) as stray using (file_number)
    where file.lag_us > days($window_days)
),

known as (
    select 'all' as counted, 'all' as value
    union all
    select distinct 'year', uploaded_year from late
)

select
    known.counted,
    known.value,
    count(late.release_number) as late_files,
    count(late.is_greater) as stray_file_count,
    stray_file_count / nullif(late_files, 0) as stray_share,
    count(distinct late.release_number) filter (late.is_greater is not null) as stray_release_count,
    count(distinct late.project_number) filter (late.is_greater is not null) as stray_project_count,
    count(*) filter (late.is_greater) as greater_file_count
from known
left join late on known.counted = 'all' or late.uploaded_year = known.value
group by known.counted, known.value
order by known.counted, known.value
