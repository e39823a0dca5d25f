/*
question = "Which projects have late files: a few or many?"
grain = "one row for each project with a late file"
order = "most late files first, then project"
source = "grown_files, release_history and releases.parquet; the list of ranks that was given"
caveat = "Without a list of ranks, rank is null. A project with many wheels for each release has many files at once."
uses = ["grown_files", "release_history", "days"]
in_table = ["project", "late_files", "late_releases", "files", "late_share", "last_late_at", "cumulative_share", "rank"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }
ranks = { type = "VARCHAR", lists_projects = true, meaning = "names of projects in the order of their ranks, one a line; null: no ranks" }

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
late_files = { type = "BIGINT", meaning = "late files" }
late_releases = { type = "BIGINT", meaning = "releases with one" }
files = { type = "BIGINT", meaning = "the project's files with an upload time: the denominator of late_share" }
late_share = { type = "DOUBLE", unit = "share", meaning = "late_files / files" }
last_late_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "last late upload" }
cumulative_share = { type = "DOUBLE", unit = "share", meaning = "late files of this and all rows above / all_late_file_count" }
all_late_file_count = { type = "BIGINT", unit = "count", meaning = "late files of all projects: the denominator" }
rank = { type = "BIGINT", meaning = "place in the list; null: not in it, or no list" }
*/
with late as (
    select
        project_number,
        count(*) as late_files,
        count(distinct release_number) as late_releases,
        max(uploaded_at) as last_late_at
    from grown_files
    where lag_us > days($window_days)
    group by project_number
),

listed as (
    select project_number, sum(timed_file_count)::bigint as files
    from release_history
    semi join late using (project_number)
    group by project_number
),

ranks as (
    select unnest(names) as project, unnest(range(1, len(names) + 1)) as rank
    from (select string_split($ranks::varchar, chr(10)) as names)
)

select
    release.project,
    late.late_files,
    late.late_releases,
    listed.files,
    late.late_files / listed.files as late_share,
    late.last_late_at,
    sum(late.late_files) over (order by late.late_files desc, release.project rows unbounded preceding) / sum(late.late_files) over () as cumulative_share,
    sum(late.late_files) over ()::bigint as all_late_file_count,
    (select min(ranks.rank) from ranks where ranks.project = release.project) as rank
from late
join listed using (project_number)
join dataset.releases as release on release.release_number = late.project_number
order by late.late_files desc, release.project
