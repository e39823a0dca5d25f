/*
question = "What time is it in UTC?"
grain = "one row"
order = "none: one row"
source = "the microseconds since 1970-01-01T00:00:00Z"
caveat = "A time without a zone: its year and month are those of UTC on every machine, and found much sooner than those of a time with a zone."
is_formula = true
portable = true

[parameters]
instant = { type = "TIMESTAMP WITH TIME ZONE", meaning = "an instant" }

[columns]
utc_time = { type = "TIMESTAMP", meaning = "the same in UTC, without its zone" }
*/
select make_timestamp(epoch_us($instant::timestamptz)) as utc_time
