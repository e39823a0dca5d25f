/*
question = "Of which environments is it enough to know since when a wheel fits them?"
grain = "one row for each set of tags whose interpreters and platforms are all simulated, and each environment that it fits; environments that decide for no set are left out"
order = "none: it is a relation to query"
source = "wheel_sets, wheel_fits"
caveat = "Where every set of tags that fits one environment fits another one too, the other is never served later, so the first one decides: an older glibc decides for the newer ones. Of environments that the same sets fit, the last one decides."
is_shared = true
portable = true
uses = ["wheel_sets", "wheel_fits"]

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
    from (select distinct python_tag, abi_tag, platform_tag, set_number from wheel_sets) as sets
    join wheel_fits
        on wheel_fits.python_tag = sets.python_tag
        and wheel_fits.abi_tag = sets.abi_tag
        and wheel_fits.platform_tag = sets.platform_tag
),

-- Pairs of environments where what fits the first one fits the other too.
easier as materialized (
    select hard.environment_number, easy.environment_number as easier_number
    from fitting as hard
    join fitting as easy on easy.set_number = hard.set_number
    where
        easy.set_count > hard.set_count
        or (easy.set_count = hard.set_count and easy.environment_number < hard.environment_number)
    group by hard.environment_number, easy.environment_number, hard.set_count
    having count(*) = hard.set_count
),

marked as materialized (
    select fitting.set_number, fitting.environment_number, decided.set_number is null as is_deciding
    from fitting
    left join (
        select distinct fitting.set_number, easier.easier_number
        from fitting
        join easier on easier.environment_number = fitting.environment_number
    ) as decided
        on decided.set_number = fitting.set_number and decided.easier_number = fitting.environment_number
)

select set_number, environment_number, is_deciding
from (
    select *, max(case when is_deciding then 1 end) over (partition by environment_number) as decides
    from marked
) as known
where decides = 1
