/*
question = "Which share of the projects with wheels for one Python added some of them late?"
grain = "one row for each CPython version that a wheel names"
order = "by version"
source = "file_lags"
caveat = "Interpreter-specific wheels: an interpreter tag cpXY and neither abi3 nor abi3t among the ABI tags; a wheel with several such tags counts for each. Wheels for free-threaded builds (ABI cpXYt) are part of the first columns and have columns of their own. Added late means that the first such wheel of a release came late: a Python that abi3 or pure wheels served already counts too."
uses = ["file_lags"]
in_table = ["python_tag", "projects_with_wheels", "projects_late", "added_late_projects", "wheels", "late_wheels", "project_share", "wheel_share"]

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
added_late_releases = { type = "BIGINT", meaning = "releases whose first wheel for this Python, free-threaded builds apart, came late" }
added_late_projects = { type = "BIGINT", meaning = "projects with such a release: support for this Python was added late" }
added_late_share = { type = "DOUBLE", unit = "share", meaning = "added_late_projects / projects_with_wheels" }
free_threaded_wheels = { type = "BIGINT", meaning = "of wheels, those for the free-threaded build" }
late_free_threaded_wheels = { type = "BIGINT", meaning = "of late_wheels, those for the free-threaded build" }
free_threaded_projects = { type = "BIGINT", meaning = "projects with a wheel for the free-threaded build" }
free_threaded_added_late_projects = { type = "BIGINT", meaning = "projects with a release whose first wheel for the free-threaded build came late" }
all_projects_with_wheels = { type = "BIGINT", meaning = "projects with an interpreter-specific wheel of any Python" }
all_projects = { type = "BIGINT", meaning = "projects that list a file" }
*/
with wheels as (
    select
        release_number,
        project,
        python_tag,
        string_split(abi_tag, '.') as abis,
        count(*) as wheels,
        count(*) filter (lag_us > $window_days::bigint * 86400000000) as late_wheels
    from file_lags
    where python_tag is not null and lag_us is not null
    group by release_number, project, python_tag, abi_tag
),

by_tag as (
    select *, unnest(string_split(python_tag, '.')) as python
    from wheels
    where not list_has_any(abis, ['abi3', 'abi3t'])
),

-- Nobody mixes both builds in one wheel: its ABI tags are those of the free-threaded one, or not.
by_release as (
    select
        release_number,
        project,
        python,
        list_contains(abis, python || 't') as is_free_threaded,
        sum(wheels) as wheels,
        sum(late_wheels) as late_wheels
    from by_tag
    where regexp_full_match(python, 'cp\d\d+')
    group by all
),

by_project as (
    select
        project,
        python,
        sum(wheels) as wheels,
        sum(late_wheels) as late_wheels,
        count(*) filter (wheels = late_wheels and not is_free_threaded) as added_late_releases,
        coalesce(sum(wheels) filter (is_free_threaded), 0) as free_threaded_wheels,
        coalesce(sum(late_wheels) filter (is_free_threaded), 0) as late_free_threaded_wheels,
        count(*) filter (wheels = late_wheels and is_free_threaded) as free_threaded_added_late_releases
    from by_release
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
    sum(by_project.added_late_releases)::bigint as added_late_releases,
    count(*) filter (by_project.added_late_releases > 0) as added_late_projects,
    added_late_projects / projects_with_wheels as added_late_share,
    sum(by_project.free_threaded_wheels)::bigint as free_threaded_wheels,
    sum(by_project.late_free_threaded_wheels)::bigint as late_free_threaded_wheels,
    count(*) filter (by_project.free_threaded_wheels > 0) as free_threaded_projects,
    count(*) filter (by_project.free_threaded_added_late_releases > 0) as free_threaded_added_late_projects,
    (select count(distinct project) from by_project) as all_projects_with_wheels,
    (select count(distinct project) from files) as all_projects
from by_project
group by python
order by python[3]::integer, python[4:]::integer
