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
fitted_us = { type = "BIGINT", unit = "microseconds", meaning = "lag from which on wheels of the release fitted every environment that this wheel fits; null: a tag that no environment knows" }
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

marked as materialized (
    select wheel.*, grown.file_number is not null as is_asked
    from wheels as wheel
    left join grown_files as grown on grown.file_number = wheel.file_number
),

same_tags as materialized (
    select
        release_number,
        set_number,
        min(lag_us) as same_tags_us,
        count(case when is_base then 1 end) > 0 as has_base,
        count(case when marked.is_asked then 1 end) > 0 as is_asked
    from marked
    group by release_number, set_number
),

set_counts as materialized (
    select release_number, count(*) as set_count
    from same_tags
    group by release_number
),

asked as materialized (
    select same_tags.release_number, same_tags.set_number, same_tags.same_tags_us, same_tags.has_base, set_counts.set_count
    from same_tags
    join set_counts on set_counts.release_number = same_tags.release_number
    where same_tags.is_asked
),

-- When did the release first serve each interpreter, platform and pair? One number says of which release each is: engines
-- find one number at once, and no index has as many platforms as the factor. Most pairs are of one set of tags alone, and
-- so are most environments: where no other serves it, a set's own lag counts.
pythons as (
    select same_tags.release_number * 16777216 + wheel_sets.python_number as served_number, min(same_tags.same_tags_us) as served_us
    from same_tags
    join wheel_sets on wheel_sets.set_number = same_tags.set_number
    group by same_tags.release_number * 16777216 + wheel_sets.python_number
),

platforms as (
    select same_tags.release_number * 16777216 + wheel_sets.platform_number as served_number, min(same_tags.same_tags_us) as served_us
    from same_tags
    join wheel_sets on wheel_sets.set_number = same_tags.set_number
    group by same_tags.release_number * 16777216 + wheel_sets.platform_number
),

pairs as (
    select same_tags.release_number * 16777216 + wheel_sets.pair_number as served_number, min(same_tags.same_tags_us) as served_us
    from same_tags
    join wheel_sets on wheel_sets.set_number = same_tags.set_number
    group by same_tags.release_number * 16777216 + wheel_sets.pair_number
    having count(*) > 1
),

sought as (
    select
        asked.release_number,
        asked.set_number,
        asked.same_tags_us,
        asked.release_number * 16777216 + wheel_sets.python_number as python_number,
        asked.release_number * 16777216 + wheel_sets.platform_number as platform_number,
        asked.release_number * 16777216 + wheel_sets.pair_number as pair_number
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
    join pythons on pythons.served_number = sought.python_number
    join platforms on platforms.served_number = sought.platform_number
    left join pairs on pairs.served_number = sought.pair_number
    group by sought.release_number, sought.set_number
),

fitting as materialized (
    select sets.set_number, wheel_fits.environment_number
    from sets
    join wheel_fits
        on wheel_fits.python_tag = sets.python_tag
        and wheel_fits.abi_tag = sets.abi_tag
        and wheel_fits.platform_tag = sets.platform_tag
),

fit_counts as (select environment_number, count(*) as set_count from fitting group by environment_number),

-- Where all that fits one environment fits another too, the other is never served later: an older glibc stands for the
-- newer ones. Of environments that the same sets fit, one stands for all.
easier as materialized (
    select one.environment_number, other.environment_number as easier_number
    from fitting as one
    join fitting as other on other.set_number = one.set_number
    join fit_counts as mine on mine.environment_number = one.environment_number
    join fit_counts as its on its.environment_number = other.environment_number
    where one.environment_number != other.environment_number
    group by one.environment_number, other.environment_number, mine.set_count, its.set_count
    having
        count(*) = mine.set_count
        and (its.set_count > mine.set_count or other.environment_number > one.environment_number)
),

hardest as materialized (
    select fitting.set_number, fitting.environment_number
    from fitting
    left join (
        select distinct fitting.set_number, easier.easier_number
        from fitting
        join easier on easier.environment_number = fitting.environment_number
    ) as passed on passed.set_number = fitting.set_number and passed.easier_number = fitting.environment_number
    where passed.set_number is null
),

-- Since when did a wheel fit each environment, where wheels of several sets of tags do?
covered as (
    select
        same_tags.release_number * 16777216 + fitting.environment_number as fitted_number,
        min(same_tags.same_tags_us) as covered_us
    from same_tags
    join set_counts on set_counts.release_number = same_tags.release_number
    join fitting on fitting.set_number = same_tags.set_number
    where
        set_counts.set_count > 1
        and fitting.environment_number in (select environment_number from hardest)
    group by same_tags.release_number * 16777216 + fitting.environment_number
    having count(*) > 1
),

needed as (
    select
        asked.release_number,
        asked.set_number,
        asked.same_tags_us,
        asked.release_number * 16777216 + hardest.environment_number as fitted_number
    from asked
    join hardest on hardest.set_number = asked.set_number
    where asked.set_count > 1
),

fitted as (
    select needed.release_number, needed.set_number, max(coalesce(covered.covered_us, needed.same_tags_us)) as fitted_us
    from needed
    left join covered on covered.fitted_number = needed.fitted_number
    group by needed.release_number, needed.set_number
    union all
    select release_number, set_number, same_tags_us
    from asked
    where set_count = 1 and set_number in (select set_number from fitting)
)

select
    wheel.file_number,
    asked.same_tags_us,
    asked.has_base,
    known.python_us,
    known.platform_us,
    known.pair_us,
    fitted.fitted_us
from marked as wheel
join asked on asked.release_number = wheel.release_number and asked.set_number = wheel.set_number
join known on known.release_number = asked.release_number and known.set_number = asked.set_number
left join fitted on fitted.release_number = asked.release_number and fitted.set_number = asked.set_number
where wheel.is_asked
