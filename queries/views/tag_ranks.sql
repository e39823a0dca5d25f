/*
question = "How well do a wheel's tags fit each environment?"
grain = "one row for each set of tags of a wheel and each environment that it fits"
order = "none: it is a relation to query"
source = "files.parquet, the environments (packaging.tags)"
caveat = "Ranks compare within one environment only. 0 is the best."
uses = ["wheel_pythons"]
is_shared = true

[columns]
python_tag = { type = "VARCHAR", meaning = "a wheel's interpreter tags, sorted, joined by '.'" }
abi_tag = { type = "VARCHAR", meaning = "a wheel's ABI tags, sorted, joined by '.'" }
platform_tag = { type = "VARCHAR", meaning = "a wheel's platform tags, sorted, joined by '.'" }
environment_number = { type = "BIGINT", meaning = "the environment's place in the list of environments" }
tag_rank = { type = "BIGINT", meaning = "of its tags that are in the environment's list the one that ranks first" }
*/
with sets as (
    select distinct python_tag, abi_tag, platform_tag
    from files
    where python_tag is not null and abi_tag is not null and platform_tag is not null
),

-- A compressed set stands for every combination, so its best tag is its best pair with its best platform.
pairs as (
    select
        wheel.python_tag,
        wheel.abi_tag,
        rank.interpreter,
        min(rank.pair_rank) filter (not rank.is_any) as pair_rank,
        min(rank.pair_rank) filter (rank.is_any) as any_rank
    from wheel_pythons as wheel
    join interpreter_ranks as rank on rank.python_tag = wheel.interpreter and rank.abi_tag = wheel.abi
    group by wheel.python_tag, wheel.abi_tag, rank.interpreter
),

platforms as (
    select wheel.platform_tag, rank.platform, min(rank.platform_rank) as platform_rank
    from (
        select platform_tag, unnest(string_split(platform_tag, '.')) as tag
        from (select distinct platform_tag from sets)
    ) as wheel
    join platform_ranks as rank on rank.platform_tag = wheel.tag
    group by wheel.platform_tag, rank.platform
)

select
    sets.python_tag,
    sets.abi_tag,
    sets.platform_tag,
    environment.environment_number,
    least(
        pairs.pair_rank + platforms.platform_rank,
        if(list_contains(string_split(sets.platform_tag, '.'), 'any'), pairs.any_rank, null)
    ) as tag_rank
from sets
join pairs on pairs.python_tag = sets.python_tag and pairs.abi_tag = sets.abi_tag
join environments as environment on environment.interpreter = pairs.interpreter
left join platforms
    on platforms.platform_tag = sets.platform_tag and platforms.platform = environment.platform
where tag_rank is not null
