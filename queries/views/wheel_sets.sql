/*
question = "Which interpreters and platforms does each set of a wheel's tags serve, by number?"
grain = "one row for each set of tags of a wheel and each pair of an interpreter with ABI and a platform in it"
order = "none: it is a relation to query"
source = "files.parquet, wheel_pythons, wheel_platforms"
caveat = "Tags have small numbers, which compare faster than text. The numbers differ from run to run."
is_shared = true
uses = ["wheel_pythons", "wheel_platforms"]
portable = true

[columns]
python_tag = { type = "VARCHAR", meaning = "a wheel's interpreter tags, sorted, joined by '.'" }
abi_tag = { type = "VARCHAR", meaning = "a wheel's ABI tags, sorted, joined by '.'" }
platform_tag = { type = "VARCHAR", meaning = "a wheel's platform tags, sorted, joined by '.'" }
set_number = { type = "BIGINT", meaning = "a number for all three" }
python_number = { type = "BIGINT", meaning = "a number for one interpreter and ABI" }
platform_number = { type = "BIGINT", meaning = "a number for one platform" }
pair_number = { type = "BIGINT", meaning = "a number for both" }
*/
with sets as (select distinct python_tag, abi_tag, platform_tag from files)

select
    sets.python_tag,
    sets.abi_tag,
    sets.platform_tag,
    dense_rank() over (order by sets.python_tag, sets.abi_tag, sets.platform_tag) as set_number,
    dense_rank() over (order by pythons.interpreter, pythons.abi) as python_number,
    dense_rank() over (order by platforms.platform) as platform_number,
    dense_rank() over (order by pythons.interpreter, pythons.abi, platforms.platform) as pair_number
from sets
join wheel_pythons as pythons on pythons.python_tag = sets.python_tag and pythons.abi_tag = sets.abi_tag
join wheel_platforms as platforms on platforms.platform_tag = sets.platform_tag
