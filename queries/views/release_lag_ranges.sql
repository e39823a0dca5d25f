/*
question = "How many of each release's later files fall into each range of lags?"
grain = "one row for each release and each range with a file of it"
order = "none: it is a relation to query"
source = "release_history and grown_files"
caveat = "First files, whose lag is 0, are in no range."
uses = ["release_history", "grown_files"]
is_shared = true

[columns]
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
project_number = { type = "BIGINT", meaning = "stands for the project where projects are counted" }
from_days = { type = "INTEGER", unit = "days", meaning = "the range: lags greater than this, and at most the next of 1, 2, 7, 14, 30, 90, 180, 365, 730" }
file_count = { type = "BIGINT", unit = "count", meaning = "files with such a lag" }
*/
-- Most later files came within a day: only the others are looked at one by one.
with after_a_day as (
    select
        release_number,
        project_number,
        list_max(list_filter([1, 2, 7, 14, 30, 90, 180, 365, 730], lambda day: lag_us > day::bigint * 86400000000)) as from_days,
        count(*) as file_count
    from grown_files
    where lag_us > 86400000000
    group by all
),

counted as (select release_number, sum(file_count)::bigint as file_count from after_a_day group by release_number)

select release_number, project_number, 0 as from_days, later_file_count - coalesce(counted.file_count, 0) as file_count
from release_history
left join counted using (release_number)
where later_file_count > coalesce(counted.file_count, 0)
union all
from after_a_day
