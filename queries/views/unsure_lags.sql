/*
question = "Which files are so near the window that the times of their source do not show whether they are late?"
grain = "one row for each file whose lag differs from the window by less than the precision of its source"
order = "none: it is a relation to query"
source = "files.parquet and file_lags"
caveat = "Everywhere else such a file counts by the lag that its source gives. Times that are exact to the microsecond leave no doubt: a file exactly at the window is not late."
uses = ["file_lags"]

[parameters]
least_lag_us = { type = "INTEGER", default = 1209600000000, minimum = 3600000000, unit = "microseconds", meaning = "the window: late is what has a greater lag" }

[columns]
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "the lag that its source gives" }
precision_us = { type = "BIGINT", unit = "microseconds", meaning = "how exact the times of its release are: the true lag differs by less than this" }
is_late = { type = "BOOLEAN", meaning = "it counts as late" }
*/
with coarse as (
    select release_number, max(time_precision_us) as precision_us
    from files
    where time_precision_us > 1
    group by release_number
)

select
    file.file_number,
    file.release_number,
    file.lag_us,
    coarse.precision_us,
    file.lag_us > $least_lag_us as is_late
from file_lags as file
join coarse on coarse.release_number = file.release_number
where
    file.lag_us - coarse.precision_us < $least_lag_us
    and file.lag_us + coarse.precision_us - 1 > $least_lag_us
