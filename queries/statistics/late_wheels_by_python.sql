/*
question = "Which share of the projects with wheels for one Python added some of them late?"
grain = "one row for each CPython version that a wheel names"
order = "by version"
source = "file_lags"
caveat = "Interpreter-specific wheels: an interpreter tag cpXY and no abi3 among the ABI tags; a wheel with several such tags counts for each."
uses = ["file_lags"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
python_tag = { type = "VARCHAR", meaning = "interpreter tag, such as cp312" }
projects_with_wheels = { type = "BIGINT", meaning = "projects with such a wheel: the denominator of project_share" }
projects_late = { type = "BIGINT", meaning = "projects with such a wheel that came late" }
wheels = { type = "BIGINT", meaning = "such wheels: the denominator of wheel_share" }
late_wheels = { type = "BIGINT", meaning = "those that came late" }
project_share = { type = "DOUBLE", unit = "share", meaning = "projects_late / projects_with_wheels" }
wheel_share = { type = "DOUBLE", unit = "share", meaning = "late_wheels / wheels" }
all_projects_with_wheels = { type = "BIGINT", meaning = "projects with an interpreter-specific wheel of any Python" }
all_projects = { type = "BIGINT", meaning = "projects that list a file" }
*/
with wheels as (
    select
        project,
        python_tag,
        abi_tag,
        count(*) as wheels,
        count(*) filter (lag_us > $window_days::bigint * 86400000000) as late_wheels
    from file_lags
    where python_tag is not null and lag_us is not null
    group by project, python_tag, abi_tag
),

by_tag as (
    select project, unnest(string_split(python_tag, '.')) as python, wheels, late_wheels
    from wheels
    where not list_contains(string_split(abi_tag, '.'), 'abi3')
),

by_project as (
    select project, python, sum(wheels) as wheels, sum(late_wheels) as late_wheels
    from by_tag
    where regexp_full_match(python, 'cp\d\d+')
    group by project, python
)

select
    python as python_tag,
    count(*) as projects_with_wheels,
    count(*) filter (by_project.late_wheels > 0) as projects_late,
    sum(by_project.wheels)::bigint as wheels,
    sum(by_project.late_wheels)::bigint as late_wheels,
    projects_late / projects_with_wheels as project_share,
    sum(by_project.late_wheels) / sum(by_project.wheels) as wheel_share,
    (select count(distinct project) from by_project) as all_projects_with_wheels,
    (select count(distinct project) from files) as all_projects
from by_project
group by python
order by python[3]::integer, python[4:]::integer
