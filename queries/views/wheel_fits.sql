/*
question = "Which environments does each set of a wheel's tags fit?"
grain = "one row for each set of tags that fits an environment, where an environment speaks for each of its interpreters and platforms"
order = "none: it is a relation to query"
source = "tag_ranks, wheel_pythons, wheel_platforms, the environments of today and of the past"
caveat = "A set that serves an interpreter or a platform which no environment simulates, such as cp26, ppc64le or i386, is left out: not all that it fits is known. The environment that runs this program is left out, so that every machine gives the same."
is_shared = true
uses = ["tag_ranks", "wheel_pythons", "wheel_platforms"]

[columns]
python_tag = { type = "VARCHAR", meaning = "a wheel's interpreter tags, sorted, joined by '.'" }
abi_tag = { type = "VARCHAR", meaning = "a wheel's ABI tags, sorted, joined by '.'" }
platform_tag = { type = "VARCHAR", meaning = "a wheel's platform tags, sorted, joined by '.'" }
environments = { type = "VARCHAR", meaning = "a digit for each environment, by environment_number: 1 where the tags fit, else 0; casts to BIT" }
*/
with simulated as (select * from environments where era != 'this'),

known_interpreters as (
    select distinct rank.python_tag as tag
    from interpreter_ranks as rank
    semi join simulated using (interpreter)
),

-- An environment speaks for its own platform alone: macosx_10_6_intel fits x86_64, and i386 as well, which nobody simulates.
known_platforms as (
    select distinct wheel.platform
    from wheel_platforms as wheel
    semi join simulated on simulated.platform = wheel.platform_tag
    union all
    select 'any'
),

unspoken_interpreters as (
    select distinct python_tag
    from wheel_pythons
    anti join known_interpreters on tag = interpreter
),

unspoken_platforms as (
    select distinct platform_tag
    from wheel_platforms
    anti join known_platforms using (platform)
),

numbers as (select max(environment_number) + 1 as number_count from environments)

select
    rank.python_tag,
    rank.abi_tag,
    rank.platform_tag,
    bit_or(set_bit(repeat('0', numbers.number_count)::bit, rank.environment_number::integer, 1))::varchar as environments
from tag_ranks as rank
cross join numbers
semi join simulated on simulated.environment_number = rank.environment_number
anti join unspoken_interpreters on unspoken_interpreters.python_tag = rank.python_tag
anti join unspoken_platforms on unspoken_platforms.platform_tag = rank.platform_tag
group by rank.python_tag, rank.abi_tag, rank.platform_tag
