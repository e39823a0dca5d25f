/*
question = "Which share of the projects with wheels for one Python added some of them late?"
grain = "one row for each CPython version that a wheel names"
order = "by version"
source = "files.parquet, file_lags and grown_files"
caveat = "Interpreter-specific wheels: an interpreter tag cpXY and neither abi3 nor abi3t among the ABI tags; a wheel with several such tags counts for each. Wheels for free-threaded builds (ABI cpXYt) are part of the first columns and have columns of their own. Added late means that the first such wheel of a release came late. That counts too if abi3 or pure wheels already served that Python."
uses = ["file_lags", "grown_files", "days"]
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
with wheels as materialized (
    select project, python_tag, abi_tag, count(*) as wheels
    from files
    where strpos(python_tag, 'cp') > 0 and uploaded_at is not null  -- most wheels are for any Python
    group by project, python_tag, abi_tag
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

-- No wheel is for both builds: its ABI tags are those of the free-threaded one, or not.
marked as materialized (
    select python_tag, abi_tag, python, strpos(abis, '.' || python || 't.') > 0 as is_free_threaded
    from specific
    where regexp_full_match(python, 'cp\d\d+')
),

by_project as materialized (
    select
        wheels.project,
        marked.python,
        sum(wheels.wheels)::bigint as wheels,
        coalesce(sum(case when marked.is_free_threaded then wheels.wheels end), 0)::bigint as free_threaded_wheel_count
    from wheels
    join marked on marked.python_tag = wheels.python_tag and marked.abi_tag = wheels.abi_tag
    group by wheels.project, marked.python
),

-- Whether a release's first wheel for a Python came late is asked of the few releases with a late wheel only.
late as (
    select
        project,
        release_number,
        python_tag,
        abi_tag,
        count(*) as wheels,
        count(case when lag_us > days($window_days) then 1 end) as late_wheels
    from file_lags
    where
        strpos(python_tag, 'cp') > 0
        and lag_us is not null
        and release_number in (
            select release_number from grown_files where kind = 'wheel' and lag_us > days($window_days)
        )
    group by project, release_number, python_tag, abi_tag
),

late_by_release as (
    select
        late.project,
        late.release_number,
        marked.python,
        marked.is_free_threaded,
        sum(late.wheels)::bigint as wheels,
        sum(late.late_wheels)::bigint as late_wheels
    from late
    join marked on marked.python_tag = late.python_tag and marked.abi_tag = late.abi_tag
    group by late.project, late.release_number, marked.python, marked.is_free_threaded
),

late_by_project as (
    select
        release.project,
        release.python,
        sum(release.late_wheels)::bigint as late_wheels,
        count(case when release.wheels = release.late_wheels and not release.is_free_threaded then 1 end) as added_late_release_count,
        coalesce(sum(case when release.is_free_threaded then release.late_wheels end), 0)::bigint as late_free_threaded_wheel_count,
        count(case when release.wheels = release.late_wheels and release.is_free_threaded then 1 end) as free_threaded_added_late_releases
    from late_by_release as release
    group by release.project, release.python
),

counts as (
    select
        project.python,
        count(*) as projects_with_wheels,
        count(case when late.late_wheels > 0 then 1 end) as projects_late,
        sum(project.wheels)::bigint as wheels,
        coalesce(sum(late.late_wheels), 0)::bigint as late_wheels,
        coalesce(sum(late.added_late_release_count), 0)::bigint as added_late_release_count,
        count(case when late.added_late_release_count > 0 then 1 end) as added_late_project_count,
        sum(project.free_threaded_wheel_count)::bigint as free_threaded_wheel_count,
        coalesce(sum(late.late_free_threaded_wheel_count), 0)::bigint as late_free_threaded_wheel_count,
        count(case when project.free_threaded_wheel_count > 0 then 1 end) as free_threaded_project_count,
        count(case when late.free_threaded_added_late_releases > 0 then 1 end) as free_threaded_added_late_project_count
    from by_project as project
    left join late_by_project as late on late.project = project.project and late.python = project.python
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
