/*
question = "How well do a wheel's tags fit each environment?"
grain = "one row for each set of tags of a wheel and each environment that it fits"
order = "none: it is a relation to query"
source = "files.parquet, the environments (packaging.tags)"
caveat = "Ranks compare within one environment only. 0 is the best."
uses = ["wheel_pythons"]
is_shared = true
portable = true

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
        min(case when not rank.is_any then rank.pair_rank end) as pair_rank,
        min(case when rank.is_any then rank.pair_rank end) as any_rank
    from wheel_pythons as wheel
    join interpreter_ranks as rank on rank.python_tag = wheel.interpreter and rank.abi_tag = wheel.abi
    group by wheel.python_tag, wheel.abi_tag, rank.interpreter
),

tags as (
    select wheel.platform_tag, tags.tag
    from (select distinct platform_tag from sets) as wheel
    cross join unnest(string_split(wheel.platform_tag, '.')) as tags (tag)
),

platforms as (
    select wheel.platform_tag, rank.platform, min(rank.platform_rank) as platform_rank
    from tags as wheel
    join platform_ranks as rank on rank.platform_tag = wheel.tag
    group by wheel.platform_tag, rank.platform
),

ranked as (
    select
        sets.python_tag,
        sets.abi_tag,
        sets.platform_tag,
        environment.environment_number,
        pairs.pair_rank + platforms.platform_rank as own_rank,
        case when strpos('.' || sets.platform_tag || '.', '.any.') > 0 then pairs.any_rank end as any_rank
    from sets
    join pairs on pairs.python_tag = sets.python_tag and pairs.abi_tag = sets.abi_tag
    join environments as environment on environment.interpreter = pairs.interpreter
    left join platforms
        on platforms.platform_tag = sets.platform_tag and platforms.platform = environment.platform
)

select
    python_tag,
    abi_tag,
    platform_tag,
    environment_number,
    case when own_rank is null or any_rank < own_rank then any_rank else own_rank end as tag_rank
from ranked
where own_rank is not null or any_rank is not null
