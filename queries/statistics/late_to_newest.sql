/*
question = "How many late files came to the newest release of their project, which an installer takes without a pin?"
grain = "one row for all late files, one for each year of upload"
order = "all, then years"
source = "grown_files and releases.parquet"
caveat = "Newest is the greatest stable version of which a file was uploaded strictly before the late one: an installer without a pin looks at it first. Whether it can take it is not asked: requires-python, tags and yanks are left out. If a project had only pre-releases, none is newest."
uses = ["grown_files", "days", "utc"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
counted = { type = "VARCHAR", meaning = "all or year" }
value = { type = "VARCHAR", meaning = "all, or the year of upload, UTC" }
late_files = { type = "BIGINT", meaning = "late files: the denominator" }
late_releases = { type = "BIGINT", meaning = "releases with such a file" }
late_projects = { type = "BIGINT", meaning = "projects with such a file" }
newest_file_count = { type = "BIGINT", unit = "count", meaning = "late files whose release was the newest when they came" }
newest_share = { type = "DOUBLE", unit = "share", meaning = "newest_file_count / late_files" }
newest_release_count = { type = "BIGINT", unit = "count", meaning = "releases with such a file" }
newest_project_count = { type = "BIGINT", unit = "count", meaning = "projects with such a file" }
*/
with late as materialized (
    select
        file.release_number,
        file.project_number,
        year(utc(file.uploaded_at))::varchar as uploaded_year,
        -- Null where the version is not PEP 440, which is neither stable nor greater than another.
        not release.is_prerelease and not file.is_superseded_by_any as is_newest
    from grown_files as file
    join dataset.releases as release using (release_number)
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
    count(distinct late.release_number) as late_releases,
    count(distinct late.project_number) as late_projects,
    count(*) filter (late.is_newest) as newest_file_count,
    newest_file_count / nullif(late_files, 0) as newest_share,
    count(distinct late.release_number) filter (late.is_newest) as newest_release_count,
    count(distinct late.project_number) filter (late.is_newest) as newest_project_count
from known
left join late on known.counted = 'all' or late.uploaded_year = known.value
group by known.counted, known.value
order by known.counted, known.value
