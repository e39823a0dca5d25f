/*
question = "Do projects correct a release with a post release or with late files?"
grain = "one row for each way"
order = "post releases only, both, late files only, neither"
source = "release_history"
caveat = "A post release corrects the release before it; a late file is added to the release itself. Projects that did neither are in the row neither."
uses = ["release_history", "days"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
way = { type = "VARCHAR", meaning = "what the project did: post-releases, both, late-files, neither" }
projects = { type = "BIGINT", meaning = "projects that did so" }
post_release_count = { type = "BIGINT", unit = "count", meaning = "their post releases" }
late_releases = { type = "BIGINT", meaning = "their releases with late files" }
project_share = { type = "DOUBLE", unit = "share", meaning = "projects / all_project_count" }
all_project_count = { type = "BIGINT", unit = "count", meaning = "projects with a timed file: the denominator" }
*/
with by_project as (
    select
        project_number,
        count(*) filter (is_postrelease) as post_release_count,
        count(*) filter (open_us > days($window_days)) as late_releases
    from release_history
    group by project_number
),

known as (
    from (values
        (1, 'post-releases', true, false), (2, 'both', true, true), (3, 'late-files', false, true), (4, 'neither', false, false)
    ) as ways (place, way, has_posts, has_late)
)

select
    known.way,
    count(by_project.project_number) as projects,
    coalesce(sum(by_project.post_release_count), 0)::bigint as post_release_count,
    coalesce(sum(by_project.late_releases), 0)::bigint as late_releases,
    projects / nullif((select count(*) from by_project), 0) as project_share,
    (select count(*) from by_project) as all_project_count
from known
left join by_project
    on (by_project.post_release_count > 0) = known.has_posts and (by_project.late_releases > 0) = known.has_late
group by known.place, known.way
order by known.place
