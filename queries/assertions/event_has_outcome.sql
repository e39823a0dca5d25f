/*
question = "Was every change seen by a crawl that asked for its project?"
grain = "one row for each project and crawl with events but no outcome"
order = "crawl_id, project"
source = "events and crawls"
caveat = "A change without such a request could not have been seen."

[columns]
crawl_id = { type = "VARCHAR", meaning = "the crawl" }
project = { type = "VARCHAR", meaning = "name of the project" }
event_count = { type = "BIGINT", unit = "count", meaning = "events of the project in that crawl" }
*/
select event.crawl_id, event.project, count(*) as event_count
from events as event
anti join crawls as crawl on crawl.crawl_id = event.crawl_id and crawl.project = event.project
group by event.crawl_id, event.project
order by event.crawl_id, event.project
