/*
question = "Which ranges of lag are counted?"
grain = "one row for each range of days"
order = "none: it is a relation to query"
source = "the reference numbers: tests/expected/README.md"
caveat = "A lag is in a range if it is greater than from_days and at most to_days: a first file, whose lag is 0, is in none."
portable = true

[columns]
from_days = { type = "INTEGER", unit = "days", meaning = "lags are greater than this" }
to_days = { type = "INTEGER", unit = "days", meaning = "and at most this; null: no end" }
*/
select from_days, to_days
from (values
    (0, 1), (1, 2), (2, 7), (7, 14), (14, 30), (30, 90), (90, 180), (180, 365), (365, 730), (730, null)
) as known (from_days, to_days)
