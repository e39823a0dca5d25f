/*
question = "Which interpreters with which ABI does a wheel serve?"
grain = "one row for each python_tag and abi_tag of a wheel and each pair of an interpreter and an ABI in them"
order = "none: it is a relation to query"
source = "files.parquet; PEP 425: compressed tag sets stand for every combination"
caveat = "The tags are taken as they are written: cp38-abi3 is another pair than cp37-abi3, though newer interpreters take both."
is_shared = true
portable = true

[columns]
python_tag = { type = "VARCHAR", meaning = "a wheel's interpreter tags, sorted, joined by '.'" }
abi_tag = { type = "VARCHAR", meaning = "a wheel's ABI tags, sorted, joined by '.'" }
interpreter = { type = "VARCHAR", meaning = "one interpreter tag, such as cp312" }
abi = { type = "VARCHAR", meaning = "one ABI tag, such as cp312, abi3 or none" }
*/
with sets as (select distinct python_tag, abi_tag from files where python_tag is not null and abi_tag is not null),

interpreters as (
    select sets.python_tag, sets.abi_tag, tags.interpreter
    from sets
    cross join unnest(string_split(sets.python_tag, '.')) as tags (interpreter)
)

select interpreters.python_tag, interpreters.abi_tag, interpreters.interpreter, tags.abi
from interpreters
cross join unnest(string_split(interpreters.abi_tag, '.')) as tags (abi)
