/*
question = "How many files, releases and projects added files how late?"
grain = "one row for each range of lags"
order = "ascending"
source = "release_history and grown_files"
caveat = "A release or a project with files in several ranges counts in each; the worst_ columns count it once. First files, whose lag is 0, are in none."
uses = ["release_history", "grown_files"]

[columns]
from_days = { type = "INTEGER", unit = "days", meaning = "lag greater than this" }
to_days = { type = "INTEGER", unit = "days", meaning = "lag at most this; null: no end" }
files = { type = "BIGINT", meaning = "files with such a lag" }
releases = { type = "BIGINT", meaning = "releases with such a file" }
projects = { type = "BIGINT", meaning = "projects with such a file" }
worst_releases = { type = "BIGINT", meaning = "releases whose longest lag is such" }
worst_projects = { type = "BIGINT", meaning = "projects whose longest lag is such" }
file_share = { type = "DOUBLE", unit = "share", meaning = "files / all_files" }
project_share = { type = "DOUBLE", unit = "share", meaning = "worst_projects / all_projects" }
all_files = { type = "BIGINT", meaning = "files with an upload time: the denominator" }
all_projects = { type = "BIGINT", meaning = "projects with a timed file: the denominator" }
*/
with buckets as (
    from (values
        (0, 1), (1, 2), (2, 7), (7, 14), (14, 30), (30, 90), (90, 180), (180, 365), (365, 730), (730, null)
    ) as known (from_days, to_days)
),

-- Of a release that was open for at most a day, all later files are in the first range: they need no look.
in_release as (
    select project, release_number, 0 as from_days, later_file_count as file_count
    from release_history
    where open_us between 1 and 86400000000
    union all
    select
        file.project,
        file.release_number,
        list_max(list_filter([0, 1, 2, 7, 14, 30, 90, 180, 365, 730], lambda day: file.lag_us > day::bigint * 86400000000)),
        count(*)
    from grown_files as file
    join release_history as release using (release_number)
    where file.lag_us > 0 and release.open_us > 86400000000
    group by all
),

found as (
    select
        from_days,
        sum(file_count)::bigint as files,
        count(*) as releases,
        count(distinct project) as projects
    from in_release
    group by from_days
),

worst_releases as (
    select from_days, count(*) as worst_releases
    from (select max(from_days) as from_days from in_release group by release_number)
    group by from_days
),

worst_projects as (
    select from_days, count(*) as worst_projects
    from (select max(from_days) as from_days from in_release group by project)
    group by from_days
),

totals as (
    select sum(timed_file_count)::bigint as all_files, count(distinct project) as all_projects from release_history
)

select
    from_days,
    to_days,
    coalesce(found.files, 0) as files,
    coalesce(found.releases, 0) as releases,
    coalesce(found.projects, 0) as projects,
    coalesce(worst_releases.worst_releases, 0) as worst_releases,
    coalesce(worst_projects.worst_projects, 0) as worst_projects,
    coalesce(found.files, 0) / totals.all_files as file_share,
    coalesce(worst_projects.worst_projects, 0) / nullif(totals.all_projects, 0) as project_share,
    coalesce(totals.all_files, 0) as all_files,
    totals.all_projects
from buckets
cross join totals
left join found using (from_days)
left join worst_releases using (from_days)
left join worst_projects using (from_days)
order by from_days
