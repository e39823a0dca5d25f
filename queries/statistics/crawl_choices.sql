/*
question = "How were the projects chosen?"
grain = "one row for each index, API, source and choice that a crawl was run with"
order = "newest first"
source = "crawls"
caveat = "A crawl that was killed and resumed with another choice has both. A crawl that asked for nothing left no row."

[columns]
chosen_by = { type = "VARCHAR", meaning = "the options of the command that chose the projects; null: not given" }
index_url = { type = "VARCHAR", meaning = "the index that was asked, without credentials; null: none was" }
api = { type = "VARCHAR", meaning = "json or simple; null: no API was asked" }
source = { type = "VARCHAR", meaning = "what was asked: crawl (an index), or what was imported" }
crawl_count = { type = "BIGINT", unit = "count", meaning = "crawls that were run with this choice" }
most_asked_project_count = { type = "BIGINT", unit = "count", meaning = "projects that the largest of these crawls asked for" }
first_crawl_id = { type = "VARCHAR", meaning = "the first of these crawls: its UTC start" }
last_crawl_id = { type = "VARCHAR", meaning = "the last of these crawls: its UTC start" }
*/
with asked as (
    select chosen_by, index_url, api, source, crawl_id, sum(project_count)::bigint as asked_project_count
    from crawls
    group by chosen_by, index_url, api, source, crawl_id
)

select
    chosen_by,
    index_url,
    api,
    source,
    count(*) as crawl_count,
    max(asked_project_count) as most_asked_project_count,
    min(crawl_id) as first_crawl_id,
    max(crawl_id) as last_crawl_id
from asked
group by chosen_by, index_url, api, source
order by last_crawl_id desc, first_crawl_id, chosen_by, index_url, api, source
