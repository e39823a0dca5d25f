/*
question = "Up to when does the dataset know what was uploaded?"
grain = "one row"
order = "none: one row"
source = "projects.parquet"
caveat = "The newest answer counts: what is known of projects that were not reached since is older. For replayed pages it is the time at which they were recorded."
portable = true

[columns]
known_until_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "start of the last crawl that had a usable answer, or when its pages were recorded; null: none" }
*/
select max(coalesce(recorded_at, last_checked_at)) as known_until_at
from projects
