/*
question = "How did the last request for each project end, and what does the dataset know about it?"
grain = "one row for each status, last outcome and failure reason"
order = "by status, last outcome and failure reason, rows without a reason first"
source = "projects.parquet"
caveat = "A project that could not be reached at the last request keeps the rows of its last usable answer."
uses = ["is_reached"]

[columns]
status = { type = "VARCHAR", meaning = "found, missing, quarantined: what the last usable answer said; unknown: none yet" }
last_outcome = { type = "VARCHAR", meaning = "how the last request ended: found, unchanged, missing, quarantined, stale, failed" }
failure_reason = { type = "VARCHAR", meaning = "why the last request failed, as a code; null: it did not" }
is_reached = { type = "BOOLEAN", meaning = "the last request had a usable answer" }
project_count = { type = "BIGINT", unit = "count", meaning = "projects" }
*/
select
    status,
    last_outcome,
    failure_reason,
    is_reached(last_outcome) as is_reached,
    count(*) as project_count
from projects
group by status, last_outcome, failure_reason
order by status, last_outcome, failure_reason nulls first
