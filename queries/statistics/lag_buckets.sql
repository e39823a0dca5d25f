/*
question = "How late were files added, by ranges of lag: how many files, releases and projects?"
grain = "one row for each range of lags"
order = "ascending"
source = "release_lag_ranges and release_history"
caveat = "A release or a project with files in several ranges counts in each; the worst_ columns count it once. First files, whose lag is 0, are in none."
uses = ["release_lag_ranges", "release_history", "lag_ranges"]
in_table = ["from_days", "to_days", "files", "releases", "projects", "worst_release_count", "worst_project_count", "file_share", "project_share"]
portable = true

[columns]
from_days = { type = "INTEGER", unit = "days", meaning = "lag greater than this" }
to_days = { type = "INTEGER", unit = "days", meaning = "lag at most this; null: no end" }
files = { type = "BIGINT", meaning = "files with a lag in the range" }
releases = { type = "BIGINT", meaning = "releases with such a file" }
projects = { type = "BIGINT", meaning = "projects with such a file" }
worst_release_count = { type = "BIGINT", unit = "count", meaning = "releases whose longest lag is in the range" }
worst_project_count = { type = "BIGINT", unit = "count", meaning = "projects whose longest lag is in the range" }
file_share = { type = "DOUBLE", unit = "share", meaning = "files / all_file_count" }
project_share = { type = "DOUBLE", unit = "share", meaning = "worst_project_count / all_project_count" }
all_file_count = { type = "BIGINT", unit = "count", meaning = "files with an upload time: the denominator" }
all_project_count = { type = "BIGINT", unit = "count", meaning = "projects with a timed file: the denominator" }
*/
with found as (
    select
        from_days,
        sum(file_count)::bigint as files,
        count(*) as releases,
        count(distinct project_number) as projects
    from release_lag_ranges
    group by from_days
),

worst_of_release as (
    select release_number, max(from_days) as worst_days from release_lag_ranges group by release_number
),

worst_of_project as (
    select project_number, max(from_days) as worst_days from release_lag_ranges group by project_number
),

worst_releases as (select worst_days, count(*) as worst_release_count from worst_of_release group by worst_days),

worst_projects as (select worst_days, count(*) as worst_project_count from worst_of_project group by worst_days),

in_all as (
    select sum(timed_file_count)::bigint as all_file_count, count(distinct project_number) as all_project_count from release_history
)

select
    buckets.from_days,
    buckets.to_days,
    coalesce(found.files, 0) as files,
    coalesce(found.releases, 0) as releases,
    coalesce(found.projects, 0) as projects,
    coalesce(worst_releases.worst_release_count, 0) as worst_release_count,
    coalesce(worst_projects.worst_project_count, 0) as worst_project_count,
    coalesce(found.files, 0) / nullif(in_all.all_file_count, 0) as file_share,
    coalesce(worst_projects.worst_project_count, 0) / nullif(in_all.all_project_count, 0) as project_share,
    coalesce(in_all.all_file_count, 0) as all_file_count,
    in_all.all_project_count
from lag_ranges as buckets
cross join in_all
left join found on found.from_days = buckets.from_days
left join worst_releases on worst_releases.worst_days = buckets.from_days
left join worst_projects on worst_projects.worst_days = buckets.from_days
order by buckets.from_days
