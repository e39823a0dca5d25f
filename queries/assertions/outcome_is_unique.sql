/*
question = "Does each project that a crawl asked for have exactly one outcome?"
grain = "one row for each project with several outcomes in a crawl"
order = "crawl_id, project"
source = "crawls"
caveat = "A project never asked for has no outcome and is not counted here."

[columns]
crawl_id = { type = "VARCHAR", meaning = "the crawl" }
project = { type = "VARCHAR", meaning = "name of the project" }
outcome_count = { type = "BIGINT", unit = "count", meaning = "outcomes of the project in that crawl" }
*/
select crawl_id, project, count(*) as outcome_count
from crawls
where project is not null
group by crawl_id, project
having count(*) > 1
order by crawl_id, project
