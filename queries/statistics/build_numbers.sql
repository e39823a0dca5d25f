/*
question = "How often are build numbers used, late and not, and do they replace a wheel or add one?"
grain = "one row for late and one for other wheels"
order = "those in time first"
source = "files.parquet and grown_files"
caveat = "A build number replaces where the release has a wheel of the same tags without one; where that was deleted it seems to add."
uses = ["grown_files"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
is_late = { type = "BOOLEAN", meaning = "the wheels came later than the window" }
build_wheels = { type = "BIGINT", meaning = "wheels with a build number" }
replacing_wheels = { type = "BIGINT", meaning = "those whose release lists the same tags with a lower build number or none: installers take the higher" }
adding_wheels = { type = "BIGINT", meaning = "the others" }
releases = { type = "BIGINT", meaning = "releases with such a wheel" }
projects = { type = "BIGINT", meaning = "projects with such a wheel" }
build_share = { type = "DOUBLE", unit = "share", meaning = "build_wheels / all_build_wheels" }
all_build_wheels = { type = "BIGINT", meaning = "wheels with a build number and an upload time: the denominator" }
all_wheels = { type = "BIGINT", meaning = "wheels listed now" }
*/
with built as (select distinct project, version from files where build is not null),

wheels as (
    select
        project,
        version,
        build,
        uploaded_at,
        filename,
        -- A build tag sorts as a number and the text after it; none sorts first.
        row_number() over (
            partition by project, version, python_tag, abi_tag, platform_tag
            order by try_cast(regexp_extract(build, '^\d+') as hugeint) nulls first, build nulls first
        ) > 1 as is_replacing
    from files
    semi join built using (project, version)
    where python_tag is not null
),

late as (
    select project, version, filename
    from grown_files
    where build is not null and lag_us > $window_days::bigint * 86400000000
),

counts as (
    select
        late.filename is not null as is_late,
        count(*) as build_wheels,
        count(*) filter (is_replacing) as replacing_wheels,
        count(distinct (wheels.project, wheels.version)) as releases,
        count(distinct wheels.project) as projects
    from wheels
    left join late using (project, version, filename)
    where wheels.build is not null and wheels.uploaded_at is not null
    group by all
)

select
    known.is_late,
    coalesce(counts.build_wheels, 0) as build_wheels,
    coalesce(counts.replacing_wheels, 0) as replacing_wheels,
    coalesce(counts.build_wheels - counts.replacing_wheels, 0) as adding_wheels,
    coalesce(counts.releases, 0) as releases,
    coalesce(counts.projects, 0) as projects,
    counts.build_wheels / sum(counts.build_wheels) over () as build_share,
    coalesce(sum(counts.build_wheels) over (), 0)::bigint as all_build_wheels,
    (select count(*) from files where kind = 'wheel') as all_wheels
from (values (false), (true)) as known (is_late)
left join counts using (is_late)
order by known.is_late
