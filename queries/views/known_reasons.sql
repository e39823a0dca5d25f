/*
question = "Which reasons are there?"
grain = "one row for each reason"
order = "none: it is a relation to query"
source = "reason_of, with values for which each reason is the first that applies"
caveat = "The names come from reason_of, the only place where they are written."
uses = ["reason_of"]

[columns]
place = { type = "INTEGER", meaning = "the place in the list" }
reason = { type = "VARCHAR", meaning = "the reason" }
*/
-- A file of a batch that began at lag 1: 0 is a file before it, 1 one of it.
select
    place,
    reason_of(kind, 1, wheel_us, same_tags_us, fitted_us, python_us, platform_us, pair_us) as reason
from (values
    (0, 'egg', null, null, null, null, null, null),
    (1, 'sdist', null, null, null, null, null, null),
    (2, 'wheel', 1, null, null, null, null, null),
    (3, 'wheel', 0, 0, null, null, null, null),
    (4, 'wheel', 0, 1, 1, 1, null, null),
    (5, 'wheel', 0, 1, 1, 0, 1, null),
    (6, 'wheel', 0, 1, 1, 0, 0, 1),
    (7, 'wheel', 0, 1, 0, 0, 0, 0)
) as least (place, kind, wheel_us, same_tags_us, fitted_us, python_us, platform_us, pair_us)
