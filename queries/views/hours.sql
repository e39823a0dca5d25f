/*
question = "How long is a number of hours?"
grain = "one row"
order = "none: one row"
source = "an hour of 3,600 seconds"
caveat = "Whole hours."
is_formula = true
portable = true

[parameters]
n = { type = "INTEGER", meaning = "how many" }

[columns]
span_us = { type = "BIGINT", unit = "microseconds", meaning = "the number of hours, exact" }
*/
select $n::bigint * 3600000000 as span_us
