/*
question = "Which share of the projects with wheels for one Python added some of them late?"
grain = "one row for each CPython version that a wheel names"
order = "by version"
source = "file_lags and releases.parquet"
caveat = "Interpreter-specific wheels: an interpreter tag cpXY and neither abi3 nor abi3t among the ABI tags; a wheel with several such tags counts for each. Wheels for free-threaded builds (ABI cpXYt) are part of the first columns and have columns of their own. Added late means that the first such wheel of a release came late. That counts too if abi3 or pure wheels already served that Python."
uses = ["file_lags", "days"]
in_table = ["python_tag", "projects_with_wheels", "projects_late", "added_late_project_count", "wheels", "late_wheels", "project_share", "wheel_share"]
portable = true

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
added_late_release_count = { type = "BIGINT", unit = "count", meaning = "releases whose first wheel for this Python, free-threaded builds apart, came late" }
added_late_project_count = { type = "BIGINT", unit = "count", meaning = "projects with such a release: support for this Python was added late" }
added_late_share = { type = "DOUBLE", unit = "share", meaning = "added_late_project_count / projects_with_wheels" }
free_threaded_wheel_count = { type = "BIGINT", unit = "count", meaning = "of wheels, those for the free-threaded build" }
late_free_threaded_wheel_count = { type = "BIGINT", unit = "count", meaning = "of late_wheels, those for the free-threaded build" }
free_threaded_project_count = { type = "BIGINT", unit = "count", meaning = "projects with a wheel for the free-threaded build" }
free_threaded_added_late_project_count = { type = "BIGINT", unit = "count", meaning = "projects with a release whose first wheel for the free-threaded build came late" }
all_wheel_project_count = { type = "BIGINT", unit = "count", meaning = "projects with an interpreter-specific wheel of any Python" }
all_project_count = { type = "BIGINT", unit = "count", meaning = "projects that list a file" }
*/
with wheels as (
    select
        release_number,
        python_tag,
        abi_tag,
        count(*) as wheels,
        count(case when lag_us > days($window_days) then 1 end) as late_wheels
    from file_lags
    where strpos(python_tag, 'cp') > 0 and lag_us is not null  -- most wheels are for any Python
    group by release_number, python_tag, abi_tag
),

-- Few tags stand in many wheels: their texts are looked at once.
tags as (
    select distinct python_tag, abi_tag, '.' || abi_tag || '.' as abis
    from wheels
),

specific as (
    select tags.python_tag, tags.abi_tag, tags.abis, pythons.python
    from tags
    cross join unnest(string_split(tags.python_tag, '.')) as pythons (python)
    where strpos(tags.abis, '.abi3.') = 0 and strpos(tags.abis, '.abi3t.') = 0
),

marked as (
    select python_tag, abi_tag, python, strpos(abis, '.' || python || 't.') > 0 as is_free_threaded
    from specific
    where regexp_full_match(python, 'cp\d\d+')
),

-- No wheel is for both builds: its ABI tags are those of the free-threaded one, or not.
by_release as (
    select
        wheels.release_number,
        marked.python,
        marked.is_free_threaded,
        sum(wheels.wheels)::bigint as wheels,
        sum(wheels.late_wheels)::bigint as late_wheels
    from wheels
    join marked on marked.python_tag = wheels.python_tag and marked.abi_tag = wheels.abi_tag
    group by wheels.release_number, marked.python, marked.is_free_threaded
),

by_project as (
    select
        listed.project,
        release.python,
        sum(release.wheels)::bigint as wheels,
        sum(release.late_wheels)::bigint as late_wheels,
        count(case when release.wheels = release.late_wheels and not release.is_free_threaded then 1 end) as added_late_release_count,
        coalesce(sum(case when release.is_free_threaded then release.wheels end), 0)::bigint as free_threaded_wheel_count,
        coalesce(sum(case when release.is_free_threaded then release.late_wheels end), 0)::bigint as late_free_threaded_wheel_count,
        count(case when release.wheels = release.late_wheels and release.is_free_threaded then 1 end) as free_threaded_added_late_releases
    from by_release as release
    join dataset.releases as listed on listed.release_number = release.release_number
    group by listed.project, release.python
),

counts as (
    select
        project.python,
        count(*) as projects_with_wheels,
        count(case when project.late_wheels > 0 then 1 end) as projects_late,
        sum(project.wheels)::bigint as wheels,
        sum(project.late_wheels)::bigint as late_wheels,
        sum(project.added_late_release_count)::bigint as added_late_release_count,
        count(case when project.added_late_release_count > 0 then 1 end) as added_late_project_count,
        sum(project.free_threaded_wheel_count)::bigint as free_threaded_wheel_count,
        sum(project.late_free_threaded_wheel_count)::bigint as late_free_threaded_wheel_count,
        count(case when project.free_threaded_wheel_count > 0 then 1 end) as free_threaded_project_count,
        count(case when project.free_threaded_added_late_releases > 0 then 1 end) as free_threaded_added_late_project_count
    from by_project as project
    group by project.python
),

in_all as (
    select
        (select count(distinct project) from by_project) as all_wheel_project_count,
        (select count(distinct project) from files) as all_project_count
)

select
    counts.python as python_tag,
    counts.projects_with_wheels,
    counts.projects_late,
    counts.wheels,
    counts.late_wheels,
    counts.projects_late / nullif(counts.projects_with_wheels, 0) as project_share,
    counts.late_wheels / nullif(counts.wheels, 0) as wheel_share,
    counts.added_late_release_count,
    counts.added_late_project_count,
    counts.added_late_project_count / nullif(counts.projects_with_wheels, 0) as added_late_share,
    counts.free_threaded_wheel_count,
    counts.late_free_threaded_wheel_count,
    counts.free_threaded_project_count,
    counts.free_threaded_added_late_project_count,
    in_all.all_wheel_project_count,
    in_all.all_project_count
from counts
cross join in_all
order by substr(counts.python, 3, 1), length(counts.python), counts.python
