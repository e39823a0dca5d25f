/*
question = "What did crawls see change?"
grain = "one row for each change that a crawl saw: of a changed file, one for each column that changed"
order = "newest crawl first, then project, version, filename, event and field"
reads_times = false
source = "events"
caveat = "Only differences between two crawls are seen: a file that came and went in between left no trace. What the first crawl of a project finds is its baseline, not a change. Deleted files that only an import knows have no seen_at: they are left out if since_at is given."
extends = "events"
columns = {}

[parameters]
since_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "only crawls that began at this time or later; null: all" }
event = { type = "VARCHAR", choices = ["appeared", "vanished", "yanked", "unyanked", "changed"], meaning = "only this kind of change; null: all" }
project = { type = "VARCHAR", meaning = "only this project; null: all" }
*/
select *
from events
where
    ($since_at::timestamptz is null or seen_at >= $since_at::timestamptz)
    and ($event::varchar is null or event = $event::varchar)
    and ($project::varchar is null or project = $project::varchar)
order by crawl_id desc, project, version, filename, event, field nulls first
