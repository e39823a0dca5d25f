/*
question = "Of which environments is it enough to know since when a wheel fits them?"
grain = "one row for each set of tags whose interpreters and platforms are all simulated, and each environment that it fits; environments that decide for no set are left out"
order = "none: it is a relation to query"
source = "tag_sets, wheel_fits"
caveat = "Where every set of tags that fits one environment fits another one too, the other is never served later, so the first one decides: an older glibc decides for the newer ones. Of environments that the same sets fit, the last one decides."
is_shared = true
portable = true
uses = ["tag_sets", "wheel_fits"]

[columns]
set_number = { type = "BIGINT", meaning = "the set of tags, as in wheel_sets" }
environment_number = { type = "BIGINT", meaning = "the environment's place in the list of environments" }
is_deciding = { type = "BOOLEAN", meaning = "no other environment that the set fits decides for this one" }
*/
with fitting as materialized (
    select
        sets.set_number,
        wheel_fits.environment_number,
        count(*) over (partition by wheel_fits.environment_number) as set_count
    from tag_sets as sets
    join wheel_fits
        on wheel_fits.python_tag = sets.python_tag
        and wheel_fits.abi_tag = sets.abi_tag
        and wheel_fits.platform_tag = sets.platform_tag
),

pairs as (
    select
        one.set_number,
        one.environment_number,
        other.set_count as other_count,
        one.set_count,
        other.environment_number as other_number,
        count(*) over (partition by one.environment_number, other.environment_number) as common_count
    from fitting as one
    join fitting as other on other.set_number = one.set_number
),

marked as (
    select
        set_number,
        environment_number,
        -- What fits the other one fits this one too.
        count(case when
            common_count = other_count and (set_count > other_count or environment_number < other_number)
        then 1 end) = 0 as is_deciding
    from pairs
    group by set_number, environment_number
)

select set_number, environment_number, is_deciding
from (
    select *, max(case when is_deciding then 1 end) over (partition by environment_number) as decides
    from marked
) as known
where decides = 1
