/*
question = "How many of each release's later files fall into each range of lags?"
grain = "one row for each release and each range with a file of it"
order = "none: it is a relation to query"
source = "release_history and grown_files"
caveat = "First files, whose lag is 0, are in no range."
uses = ["release_history", "grown_files"]
is_shared = true

[columns]
release_number = { type = "BIGINT", meaning = "stands for project and version in joins" }
project = { type = "VARCHAR", meaning = "name of the project" }
from_days = { type = "INTEGER", unit = "days", meaning = "the range: lags greater than this, and at most the next of 1, 2, 7, 14, 30, 90, 180, 365, 730" }
file_count = { type = "BIGINT", unit = "count", meaning = "files with such a lag" }
*/
-- Of a release that was open for at most a day, all later files are in the first range: they need no look.
select release_number, project, 0 as from_days, later_file_count as file_count
from release_history
where open_us between 1 and 86400000000
union all
select
    file.release_number,
    file.project,
    list_max(list_filter([0, 1, 2, 7, 14, 30, 90, 180, 365, 730], lambda day: file.lag_us > day::bigint * 86400000000)),
    count(*)
from grown_files as file
join release_history as release using (release_number)
where file.lag_us > 0 and release.open_us > 86400000000
group by all
