/*
question = "Why are late files late?"
grain = "one row for each reason"
order = "reasons in the order in which they are tried: the first that applies counts"
source = "late_reasons and release_history"
caveat = "A reason is read only from names and times. A release or project with late files of several reasons counts for each."
uses = ["late_reasons", "release_history", "days", "known_reasons"]
in_table = ["reason", "files", "releases", "projects", "late_file_share", "late_files", "superseded_file_count"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
reason = { type = "VARCHAR", meaning = "the first that applies: legacy-format: no sdist and no wheel; sdist; first-wheel: no wheel before its batch; rebuild: the same tags before; new-python: an interpreter and ABI that no wheel before has; new-platform: a system, architecture and libc that none has; fill-in: both known, the pair is new; overlap: the pair was served before" }
files = { type = "BIGINT", meaning = "late files of this reason" }
releases = { type = "BIGINT", meaning = "releases with such a file" }
projects = { type = "BIGINT", meaning = "projects with such a file" }
late_file_share = { type = "DOUBLE", unit = "share", meaning = "files / late_files" }
late_files = { type = "BIGINT", meaning = "late files of every reason: the denominator" }
late_releases = { type = "BIGINT", meaning = "releases with a late file" }
late_projects = { type = "BIGINT", meaning = "projects with a late file" }
superseded_file_count = { type = "BIGINT", unit = "count", meaning = "files of this reason for a release that a greater stable one had superseded" }
all_project_count = { type = "BIGINT", unit = "count", meaning = "projects with a timed file" }
*/
with late as (
    select reason, file_number, release_number, project_number, is_superseded
    from late_reasons(days($window_days))
)

select
    known.reason,
    count(late.file_number) as files,
    count(distinct late.release_number) as releases,
    count(distinct late.project_number) as projects,
    files / nullif((select count(*) from late), 0) as late_file_share,
    (select count(*) from late) as late_files,
    (select count(distinct release_number) from late) as late_releases,
    (select count(distinct project_number) from late) as late_projects,
    count(*) filter (late.is_superseded) as superseded_file_count,
    (select count(distinct project_number) from release_history) as all_project_count
from known_reasons as known
left join late on late.reason = known.reason
group by known.reason, known.place
order by known.place
