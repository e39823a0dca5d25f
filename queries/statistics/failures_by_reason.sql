/*
question = "Why could projects not be reached when they were last asked for?"
grain = "one row for each last outcome and reason"
order = "most projects first, then last outcome and reason"
source = "projects.parquet"
caveat = "A project keeps the rows of its last usable answer; one never reached has none. Only the last request for each project counts."
uses = ["is_reached"]

[columns]
last_outcome = { type = "VARCHAR", meaning = "failed, or stale: every answer was older than promised" }
reason = { type = "VARCHAR", meaning = "why, as a code such as http-503" }
project_count = { type = "BIGINT", unit = "count", meaning = "projects not reached for this reason" }
never_reached_count = { type = "BIGINT", unit = "count", meaning = "of these, projects that never had a usable answer" }
first_project = { type = "VARCHAR", meaning = "the first of these projects by name" }
*/
select
    last_outcome,
    coalesce(failure_reason, last_outcome) as reason,
    count(*) as project_count,
    count(*) filter (status = 'unknown') as never_reached_count,
    min(project) as first_project
from projects
where not is_reached(last_outcome)
group by last_outcome, coalesce(failure_reason, last_outcome)
order by project_count desc, last_outcome, reason
