/*
question = "Which environments does each set of a wheel's tags fit?"
grain = "one row for each set of tags whose interpreters and platforms are all simulated, and each environment that it fits"
order = "none: it is a relation to query"
source = "tag_ranks, wheel_pythons, wheel_platforms, the environments of today and of the past"
caveat = "A set that serves an interpreter or a platform which no environment simulates, such as cp26, ppc64le or i386, is left out: not all that it fits is known. The environment that runs this program is left out, so that every machine gives the same."
is_shared = true
uses = ["tag_ranks", "wheel_pythons", "wheel_platforms"]
portable = true

[columns]
python_tag = { type = "VARCHAR", meaning = "a wheel's interpreter tags, sorted, joined by '.'" }
abi_tag = { type = "VARCHAR", meaning = "a wheel's ABI tags, sorted, joined by '.'" }
platform_tag = { type = "VARCHAR", meaning = "a wheel's platform tags, sorted, joined by '.'" }
environment_number = { type = "BIGINT", meaning = "the environment's place in the list of environments" }
*/
with simulated as (select * from environments where era != 'this'),

known_interpreters as (
    select distinct python_tag as tag
    from interpreter_ranks
    where interpreter in (select interpreter from simulated)
),

-- An environment covers its own platform only: macosx_10_6_intel fits x86_64, and also i386, which is not simulated.
known_platforms as (
    select platform
    from wheel_platforms
    where platform_tag in (select platform from simulated)
    union
    select 'any'
),

unspoken_interpreters as (
    select distinct wheel.python_tag
    from wheel_pythons as wheel
    left join known_interpreters as known on known.tag = wheel.interpreter
    where known.tag is null
),

unspoken_platforms as (
    select distinct wheel.platform_tag
    from wheel_platforms as wheel
    left join known_platforms as known on known.platform = wheel.platform
    where known.platform is null
)

select rank.python_tag, rank.abi_tag, rank.platform_tag, rank.environment_number
from tag_ranks as rank
left join unspoken_interpreters as python on python.python_tag = rank.python_tag
left join unspoken_platforms as platform on platform.platform_tag = rank.platform_tag
where
    python.python_tag is null
    and platform.platform_tag is null
    and rank.environment_number in (select environment_number from simulated)
