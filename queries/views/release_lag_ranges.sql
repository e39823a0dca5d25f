/*
question = "How many of each release's later files fall into each range of lags?"
grain = "one row for each release and each range with a file of it"
order = "none: it is a relation to query"
source = "release_history and grown_files"
caveat = "First files, whose lag is 0, are in no range."
uses = ["release_history", "grown_files", "days", "lag_ranges"]
is_shared = true
portable = true

[columns]
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
project_number = { type = "BIGINT", meaning = "a number for the project, to count projects by" }
from_days = { type = "INTEGER", unit = "days", meaning = "the range: lags greater than this, and at most the next of 1, 2, 7, 14, 30, 90, 180, 365, 730" }
file_count = { type = "BIGINT", unit = "count", meaning = "files with a lag in the range" }
*/
-- Most later files came within a day: only the others are looked at one by one.
with ranged as (
    select file.release_number, file.project_number, lag_ranges.from_days
    from grown_files as file
    cross join lag_ranges
    where
        file.lag_us > days(1)
        and file.lag_us > days(lag_ranges.from_days)
        and (lag_ranges.to_days is null or file.lag_us <= days(lag_ranges.to_days))
),

after_a_day as (
    select release_number, project_number, from_days, count(*) as file_count
    from ranged
    group by release_number, project_number, from_days
),

counted as (
    select release_number, sum(after_a_day.file_count)::bigint as file_count from after_a_day group by release_number
)

select
    history.release_number,
    history.project_number,
    0 as from_days,
    history.later_file_count - coalesce(counted.file_count, 0) as file_count
from release_history as history
left join counted on counted.release_number = history.release_number
where history.later_file_count > coalesce(counted.file_count, 0)
union all
select release_number, project_number, from_days, file_count
from after_a_day
