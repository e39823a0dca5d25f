/*
question = "What did each wheel that a proposed rule might refuse bring to its release, and since when was it there?"
grain = "one row for each file in grown_files that is a wheel with tags"
order = "none: it is a relation to query"
source = "grown_files, file_lags, wheel_sets, wheel_fits"
caveat = "This does not depend on the window: a reason compares these lags with the one at which a batch of late files begins."
is_shared = true
portable = true
uses = ["grown_files", "file_lags", "wheel_sets", "wheel_fits"]

[columns]
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
same_tags_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the first wheel with the same tags, whatever its build tag" }
has_base = { type = "BOOLEAN", meaning = "a wheel of the release, also one without an upload time, has the same tags and no build tag" }
python_us = { type = "BIGINT", unit = "microseconds", meaning = "lag at which the last of its interpreters with ABI was served first" }
platform_us = { type = "BIGINT", unit = "microseconds", meaning = "lag at which the last of its platforms was served first" }
pair_us = { type = "BIGINT", unit = "microseconds", meaning = "lag at which the last of its pairs of interpreter and platform was served first" }
fitted_us = { type = "BIGINT", unit = "microseconds", meaning = "lag from which on wheels of the release fitted every environment that this wheel fits; null: a tag that no environment knows, or all wheels of the release have the same tags" }
*/
with sets as materialized (
    select distinct python_tag, abi_tag, platform_tag, set_number
    from wheel_sets
),

-- A wheel without an upload time is a base too; the minima below pass over its lag, which is null.
wheels as materialized (
    select
        file.file_number,
        file.release_number,
        file.lag_us,
        file.build is null as is_base,
        sets.set_number
    from file_lags as file
    join sets
        on sets.python_tag = file.python_tag
        and sets.abi_tag = file.abi_tag
        and sets.platform_tag = file.platform_tag
    where file.release_number in (select release_number from grown_files)
),

same_tags as materialized (
    select
        release_number,
        set_number,
        min(lag_us) as same_tags_us,
        count(case when is_base then 1 end) > 0 as has_base
    from wheels
    group by release_number, set_number
),

-- When did the release first serve each tag? Materialized, as the maxima are computed from it.
served as materialized (
    select
        same_tags.release_number,
        same_tags.set_number,
        min(same_tags.same_tags_us) over (
            partition by same_tags.release_number, wheel_sets.python_number
        ) as python_us,
        min(same_tags.same_tags_us) over (
            partition by same_tags.release_number, wheel_sets.platform_number
        ) as platform_us,
        min(same_tags.same_tags_us) over (
            partition by same_tags.release_number, wheel_sets.pair_number
        ) as pair_us
    from same_tags
    join wheel_sets on wheel_sets.set_number = same_tags.set_number
),

known as (
    select
        served.release_number,
        served.set_number,
        max(served.python_us) as python_us,
        max(served.platform_us) as platform_us,
        max(served.pair_us) as pair_us
    from served
    group by served.release_number, served.set_number
),

fitting as materialized (
    select sets.set_number, wheel_fits.environment_number
    from sets
    join wheel_fits
        on wheel_fits.python_tag = sets.python_tag
        and wheel_fits.abi_tag = sets.abi_tag
        and wheel_fits.platform_tag = sets.platform_tag
),

-- Only where a release has wheels of other tags too can another one have fitted before.
crowded as (select release_number from same_tags group by release_number having count(*) > 1),

-- Only files that a rule might refuse have a reason.
asked as materialized (
    select distinct wheel.release_number, wheel.set_number
    from wheels as wheel
    join grown_files as grown on grown.file_number = wheel.file_number
    where wheel.release_number in (select release_number from crowded)
),

-- One number for a release and an environment: they are few enough, and engines find one number at once.
sought as materialized (
    select
        asked.release_number,
        asked.set_number,
        asked.release_number * 65536 + fitting.environment_number as pair_number
    from asked
    join fitting on fitting.set_number = asked.set_number
),

-- Since when did a wheel fit each environment?
covered as (
    select
        same_tags.release_number * 65536 + fitting.environment_number as pair_number,
        min(same_tags.same_tags_us) as covered_us
    from same_tags
    join fitting on fitting.set_number = same_tags.set_number
    where same_tags.release_number in (select release_number from asked)
    group by same_tags.release_number * 65536 + fitting.environment_number
),

fitted as (
    select sought.release_number, sought.set_number, max(covered.covered_us) as fitted_us
    from sought
    join covered on covered.pair_number = sought.pair_number
    group by sought.release_number, sought.set_number
)

select
    grown.file_number,
    same_tags.same_tags_us,
    same_tags.has_base,
    known.python_us,
    known.platform_us,
    known.pair_us,
    fitted.fitted_us
from wheels as wheel
join grown_files as grown on grown.file_number = wheel.file_number
join same_tags on same_tags.release_number = wheel.release_number and same_tags.set_number = wheel.set_number
join known on known.release_number = wheel.release_number and known.set_number = wheel.set_number
left join fitted on fitted.release_number = wheel.release_number and fitted.set_number = wheel.set_number
