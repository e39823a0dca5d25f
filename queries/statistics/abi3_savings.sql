/*
question = "How many late new-python wheels would an abi3 wheel have made unnecessary?"
grain = "one row for each kind of late new-python wheel"
order = "all, then those with an extension module for the ABI of one CPython 3, then those that abi3 could have saved"
source = "late_reasons, file_lags, wheel_platforms"
caveat = "An upper bound: not every extension module can be built for the stable ABI. Free-threaded builds cannot load one, so their wheels are not counted as saved; nor are wheels of a release that had an abi3 wheel before."
uses = ["late_reasons", "file_lags", "wheel_platforms", "days"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
wheels_counted = { type = "VARCHAR", meaning = "which wheels the row counts" }
wheels = { type = "BIGINT", meaning = "such wheels" }
releases = { type = "BIGINT", meaning = "releases with such a wheel" }
projects = { type = "BIGINT", meaning = "projects with such a wheel" }
new_python_share = { type = "DOUBLE", unit = "share", meaning = "wheels / new_python_wheel_count" }
new_python_wheel_count = { type = "BIGINT", unit = "count", meaning = "all late new-python wheels: the denominator" }
*/
with late as (
    select
        file_number,
        release_number,
        project_number,
        batch_us,
        platform_tag,
        regexp_full_match(python_tag, 'cp3\d+') and regexp_full_match(abi_tag, 'cp3\d+[dmu]*') as is_for_one_abi,
        try_cast(python_tag[4:] as integer) as minor
    from late_reasons(days($window_days))
    where reason = 'new-python'
),

-- What an abi3 wheel for an older CPython would have to serve: every platform of the wheel.
wanted as (
    select
        late.file_number,
        late.release_number,
        late.batch_us,
        late.minor,
        platform.platform,
        count(*) over (partition by late.file_number) as platform_count
    from late
    join wheel_platforms as platform using (platform_tag)
    where late.is_for_one_abi
),

older as materialized (
    select release_number, lag_us, python_tag, abi_tag, platform_tag
    from file_lags
    where release_number in (select release_number from late) and python_tag is not null
),

-- Whoever had an abi3 wheel already knew how to build one.
with_abi3 as (
    select distinct late.file_number
    from late
    join older on older.release_number = late.release_number and older.lag_us < late.batch_us
    where list_contains(string_split(older.abi_tag, '.'), 'abi3')
),

saved as (
    select wanted.file_number
    from wanted
    join older on older.release_number = wanted.release_number and older.lag_us < wanted.batch_us
    join wheel_platforms as platform
        on platform.platform_tag = older.platform_tag and platform.platform = wanted.platform
    where regexp_full_match(older.python_tag, 'cp3\d+') and try_cast(older.python_tag[4:] as integer) < wanted.minor
    group by wanted.file_number, wanted.platform_count
    having count(distinct wanted.platform) = wanted.platform_count
),

counted as (
    select 1 as place, 'all new-python' as wheels_counted, file_number, release_number, project_number from late
    union all
    select 2, 'for the ABI of one CPython 3', file_number, release_number, project_number from late where is_for_one_abi
    union all
    select 3, 'of these, every platform served for an older CPython 3, none by abi3', file_number, release_number, project_number
    from late
    join saved using (file_number)
    anti join with_abi3 using (file_number)
),

ways as (
    from (values
        (1, 'all new-python'),
        (2, 'for the ABI of one CPython 3'),
        (3, 'of these, every platform served for an older CPython 3, none by abi3')
    ) as known (place, wheels_counted)
)

select
    ways.wheels_counted,
    count(counted.file_number) as wheels,
    count(distinct counted.release_number) as releases,
    count(distinct counted.project_number) as projects,
    wheels / nullif((select count(*) from late), 0) as new_python_share,
    (select count(*) from late) as new_python_wheel_count
from ways
left join counted using (place)
group by ways.place, ways.wheels_counted
order by ways.place
