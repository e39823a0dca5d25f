/*
question = "What is a time in UTC, without its zone?"
grain = "one row"
order = "none: one row"
source = "the microseconds since 1970-01-01T00:00:00Z"
caveat = "The year and month of a time without a zone are those of UTC on every machine, and much quicker to find than those of a time with a zone."
is_formula = true
portable = true

[parameters]
instant = { type = "TIMESTAMP WITH TIME ZONE", meaning = "an instant" }

[columns]
utc_time = { type = "TIMESTAMP", meaning = "the same in UTC, without its zone" }
*/
select make_timestamp(epoch_us($instant::timestamptz)) as utc_time
