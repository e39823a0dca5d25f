/*
question = "How often are build numbers used, late and not, and do they replace a wheel or add one?"
grain = "one row for late and one for other wheels"
order = "those in time first"
source = "files.parquet and grown_files"
caveat = "A build number replaces where the release has a wheel of the same tags with a lower number or none; where that was deleted it seems to add."
uses = ["grown_files", "days", "build_key"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
is_late = { type = "BOOLEAN", meaning = "the wheels came later than the window" }
wheels = { type = "BIGINT", meaning = "wheels with an upload time, late or in time: the denominator" }
build_wheel_count = { type = "BIGINT", unit = "count", meaning = "of these, wheels with a build number" }
replacing_wheel_count = { type = "BIGINT", unit = "count", meaning = "those whose release lists the same tags with a lower build number or none: installers take the higher" }
adding_wheel_count = { type = "BIGINT", unit = "count", meaning = "the others" }
releases = { type = "BIGINT", meaning = "releases with a wheel that build_wheel_count counts" }
projects = { type = "BIGINT", meaning = "projects with a wheel that build_wheel_count counts" }
build_share = { type = "DOUBLE", unit = "share", meaning = "build_wheel_count / wheels" }
*/
with built as (select distinct release_number from files where build is not null),

wheels as (
    select
        project,
        release_number,
        file_number,
        build,
        uploaded_at,
        rank() over (
            partition by release_number, python_tag, abi_tag, platform_tag order by build_key(build)
        ) > 1 as is_replacing
    from files
    semi join built using (release_number)
    where python_tag is not null
),

late_wheels as (
    select file_number
    from grown_files
    where kind = 'wheel' and lag_us > days($window_days)
),

in_all as (
    select
        late.wheels as late_wheels,
        (select count(*) from files where kind = 'wheel' and uploaded_at is not null) as timed_wheels
    from (select count(*) as wheels from late_wheels) as late
),

counts as (
    select
        late.file_number is not null as is_late,
        count(*) as build_wheel_count,
        count(*) filter (is_replacing) as replacing_wheel_count,
        count(distinct wheels.release_number) as releases,
        count(distinct wheels.project) as projects
    from wheels
    left join late_wheels as late using (file_number)
    where wheels.build is not null and wheels.uploaded_at is not null
    group by all
)

select
    known.is_late,
    if(known.is_late, in_all.late_wheels, in_all.timed_wheels - in_all.late_wheels) as wheels,
    coalesce(counts.build_wheel_count, 0) as build_wheel_count,
    coalesce(counts.replacing_wheel_count, 0) as replacing_wheel_count,
    coalesce(counts.build_wheel_count - counts.replacing_wheel_count, 0) as adding_wheel_count,
    coalesce(counts.releases, 0) as releases,
    coalesce(counts.projects, 0) as projects,
    coalesce(counts.build_wheel_count, 0) / nullif(wheels, 0) as build_share
from (values (false), (true)) as known (is_late)
cross join in_all
left join counts using (is_late)
order by known.is_late
