/*
question = "What would each proposed rule have refused, had it been in force?"
grain = "one row for each rule and window"
order = "rules in the order of the list, windows ascending"
source = "policy_refusals, release_history and young_releases"
caveat = "This applies each rule to the uploads of the past: under such a rule maintainers would have acted otherwise. A first file is never refused, and a release younger than the window cannot have met it yet. Of a release's deleted files only the first upload can count: the others are not seen."
uses = ["policy_refusals", "policy_windows", "release_history", "young_releases"]
in_table = ["policy", "window", "refused_files", "refused_share", "affected_releases", "affected_projects"]
portable = true

[columns]
policy = { type = "VARCHAR", meaning = "the rule that refuses a file: after-first: its lag is greater than the window; after-last: it comes more than the window after the last accepted file; superseded: a greater stable release came after the release's first upload and strictly before the file; superseded-by-any: the same, whether or not after the first upload; -or-, -and-: one of the two rules refuses it, both do" }
window = { type = "VARCHAR", meaning = "the rule's window; null: it has none" }
refused_files = { type = "BIGINT", meaning = "files that the rule would have refused" }
affected_releases = { type = "BIGINT", meaning = "releases with a refused file" }
affected_projects = { type = "BIGINT", meaning = "projects with a refused file" }
files = { type = "BIGINT", meaning = "files with an upload time: the denominator" }
releases = { type = "BIGINT", meaning = "releases with a timed file: the denominator" }
projects = { type = "BIGINT", meaning = "projects with a timed file: the denominator" }
refused_share = { type = "DOUBLE", unit = "share", meaning = "refused_files / files" }
affected_release_share = { type = "DOUBLE", unit = "share", meaning = "affected_releases / releases" }
affected_project_share = { type = "DOUBLE", unit = "share", meaning = "affected_projects / projects" }
later_file_count = { type = "BIGINT", unit = "count", meaning = "files uploaded after the first of their release, which alone can be refused" }
refused_later_share = { type = "DOUBLE", unit = "share", meaning = "refused_files / later_file_count" }
young_release_count = { type = "BIGINT", unit = "count", meaning = "releases first uploaded at most the window before the dataset was last brought up to date: the window is still open; null: the rule has none" }
*/
with in_all as (
    select
        coalesce(sum(timed_file_count), 0)::bigint as files,
        coalesce(sum(release_history.later_file_count), 0)::bigint as later_file_count,
        count(*) as releases,
        count(distinct project_number) as projects
    from release_history
),

counts as (
    select
        policy_number,
        window_us,
        sum(file_count)::bigint as refused_files,
        count(*) as affected_releases,
        count(distinct project_number) as affected_projects
    from policy_refusals
    group by policy_number, window_us
)

select
    policy_windows.policy,
    policy_windows.window_name as "window",
    coalesce(counts.refused_files, 0) as refused_files,
    coalesce(counts.affected_releases, 0) as affected_releases,
    coalesce(counts.affected_projects, 0) as affected_projects,
    in_all.files,
    in_all.releases,
    in_all.projects,
    coalesce(counts.refused_files, 0) / nullif(in_all.files, 0) as refused_share,
    coalesce(counts.affected_releases, 0) / nullif(in_all.releases, 0) as affected_release_share,
    coalesce(counts.affected_projects, 0) / nullif(in_all.projects, 0) as affected_project_share,
    in_all.later_file_count,
    coalesce(counts.refused_files, 0) / nullif(in_all.later_file_count, 0) as refused_later_share,
    case when policy_windows.window_us > 0 then coalesce(young.young_release_count, 0) end as young_release_count
from policy_windows
cross join in_all
left join counts
    on counts.policy_number = policy_windows.policy_number and counts.window_us = policy_windows.window_us
left join young_releases as young on young.window_us = policy_windows.window_us
order by policy_windows.policy_number, policy_windows.window_us
