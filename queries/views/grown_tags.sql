/*
question = "What did each wheel that a proposed rule might refuse bring to its release, and since when was it there?"
grain = "one row for each file in grown_files that is a wheel with tags"
order = "none: it is a relation to query"
source = "grown_files, file_lags, wheel_sets, deciding_fits"
caveat = "This does not depend on the window: a reason compares these lags with the one at which a batch of late files begins."
is_shared = true
portable = true
uses = ["grown_files", "file_lags", "wheel_sets", "deciding_fits"]

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
        grown.file_number is not null as may_be_refused,
        sets.set_number
    from file_lags as file
    join sets
        on sets.python_tag = file.python_tag
        and sets.abi_tag = file.abi_tag
        and sets.platform_tag = file.platform_tag
    left join grown_files as grown on grown.file_number = file.file_number
    where file.release_number in (select release_number from grown_files)
),

-- Joins are by one number for a release and what it serves, as engines find one number in half the time of two: a key and
-- a number below 2^24, as there are far fewer interpreters, platforms, pairs and environments.
same_tags as materialized (
    select
        release_number,
        set_number,
        release_number::bigint * 16777216 as release_key,
        min(lag_us) as same_tags_us,
        count(case when is_base then 1 end) > 0 as has_base,
        count(case when may_be_refused then 1 end) > 0 as is_asked
    from wheels
    group by release_number, set_number
),

-- Only where a release has wheels of other tags too can another one have fitted before.
set_counts as materialized (
    select release_number, count(*) as set_count
    from same_tags
    group by release_number
),

-- Only files that a rule might refuse have a reason.
asked as materialized (
    select same_tags.*, set_counts.set_count
    from same_tags
    join set_counts on set_counts.release_number = same_tags.release_number
    where same_tags.is_asked
),

-- Since when did the release serve each interpreter, platform and pair?
pythons as materialized (
    select same_tags.release_key + wheel_sets.python_number as python_key, min(same_tags.same_tags_us) as served_us
    from same_tags
    join wheel_sets on wheel_sets.set_number = same_tags.set_number
    group by same_tags.release_key + wheel_sets.python_number
),

platforms as materialized (
    select same_tags.release_key + wheel_sets.platform_number as platform_key, min(same_tags.same_tags_us) as served_us
    from same_tags
    join wheel_sets on wheel_sets.set_number = same_tags.set_number
    group by same_tags.release_key + wheel_sets.platform_number
),

-- Most pairs are served by one set of tags alone, and then since that set was there; most environments are fitted so too.
pairs as materialized (
    select same_tags.release_key + wheel_sets.pair_number as pair_key, min(same_tags.same_tags_us) as served_us
    from same_tags
    join wheel_sets on wheel_sets.set_number = same_tags.set_number
    group by same_tags.release_key + wheel_sets.pair_number
    having count(*) > 1
),

sought as (
    select
        asked.release_number,
        asked.set_number,
        asked.same_tags_us,
        asked.release_key + wheel_sets.python_number as python_key,
        asked.release_key + wheel_sets.platform_number as platform_key,
        asked.release_key + wheel_sets.pair_number as pair_key
    from asked
    join wheel_sets on wheel_sets.set_number = asked.set_number
),

known as (
    select
        sought.release_number,
        sought.set_number,
        max(pythons.served_us) as python_us,
        max(platforms.served_us) as platform_us,
        max(coalesce(pairs.served_us, sought.same_tags_us)) as pair_us
    from sought
    join pythons on pythons.python_key = sought.python_key
    join platforms on platforms.platform_key = sought.platform_key
    left join pairs on pairs.pair_key = sought.pair_key
    group by sought.release_number, sought.set_number
),

covered as (
    select same_tags.release_key + fits.environment_number as fitted_key, min(same_tags.same_tags_us) as covered_us
    from same_tags
    join set_counts on set_counts.release_number = same_tags.release_number
    join deciding_fits as fits on fits.set_number = same_tags.set_number
    where set_counts.set_count > 1
    group by same_tags.release_key + fits.environment_number
    having count(*) > 1
),

needed as (
    select
        asked.release_number,
        asked.set_number,
        asked.same_tags_us,
        asked.release_key + fits.environment_number as fitted_key
    from asked
    join deciding_fits as fits on fits.set_number = asked.set_number
    where fits.is_deciding and asked.set_count > 1
),

fitted as (
    select
        needed.release_number,
        needed.set_number,
        max(coalesce(covered.covered_us, needed.same_tags_us)) as fitted_us
    from needed
    left join covered on covered.fitted_key = needed.fitted_key
    group by needed.release_number, needed.set_number
)

select
    wheel.file_number,
    asked.same_tags_us,
    asked.has_base,
    known.python_us,
    known.platform_us,
    known.pair_us,
    fitted.fitted_us
from wheels as wheel
join asked on asked.release_number = wheel.release_number and asked.set_number = wheel.set_number
join known on known.release_number = wheel.release_number and known.set_number = wheel.set_number
left join fitted on fitted.release_number = wheel.release_number and fitted.set_number = wheel.set_number
where wheel.may_be_refused
