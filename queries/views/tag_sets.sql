/*
question = "Which sets of tags do wheels have, by number?"
grain = "one row for each set of tags of a wheel"
order = "none: it is a relation to query"
source = "wheel_sets"
caveat = "A set whose tags no interpreter or platform is read from is not here. The numbers differ from run to run."
uses = ["wheel_sets"]
portable = true

[columns]
set_number = { type = "BIGINT", meaning = "the set of tags, as in wheel_sets" }
python_tag = { type = "VARCHAR", meaning = "a wheel's interpreter tags, sorted, joined by '.'" }
abi_tag = { type = "VARCHAR", meaning = "a wheel's ABI tags, sorted, joined by '.'" }
platform_tag = { type = "VARCHAR", meaning = "a wheel's platform tags, sorted, joined by '.'" }
*/
select distinct set_number, python_tag, abi_tag, platform_tag
from wheel_sets
