/*
question = "How long is a number of days?"
grain = "one row"
order = "none: one row"
source = "a day of UTC: 24 hours, without leap seconds, as every time of a dataset is counted"
caveat = "Whole days: for less than a day, multiply days(1)."
is_formula = true
portable = true

[parameters]
n = { type = "INTEGER", meaning = "how many" }

[columns]
span_us = { type = "BIGINT", unit = "microseconds", meaning = "the number of days, exact" }
*/
select $n::bigint * 86400000000 as span_us
