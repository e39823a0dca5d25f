/*
question = "How did the crawls end, and what did each cost?"
grain = "one row for each crawl that asked for a project"
order = "newest first"
source = "crawls"
caveat = "A crawl that was killed and resumed is one crawl; a request that the kill interrupted is not counted. A crawl that asked for nothing left no row."
in_table = ["crawl_id", "source", "asked_count", "found_count", "unchanged_count", "missing_count", "failed_count", "request_count"]

[parameters]
count = { type = "INTEGER", default = 5, minimum = 1, maximum = 1000000, meaning = "crawls to show" }

[columns]
crawl_id = { type = "VARCHAR", meaning = "the crawl: its UTC start" }
source = { type = "VARCHAR", meaning = "what was asked: crawl (an index), or what was imported" }
api = { type = "VARCHAR", meaning = "json or simple; null: no API was asked" }
asked_count = { type = "BIGINT", unit = "count", meaning = "projects asked for: all outcomes together" }
found_count = { type = "BIGINT", unit = "count", meaning = "projects found, with a new answer" }
unchanged_count = { type = "BIGINT", unit = "count", meaning = "projects that had not changed" }
missing_count = { type = "BIGINT", unit = "count", meaning = "projects that the index does not know" }
quarantined_count = { type = "BIGINT", unit = "count", meaning = "projects in quarantine" }
stale_count = { type = "BIGINT", unit = "count", meaning = "projects whose answers were older than promised" }
failed_count = { type = "BIGINT", unit = "count", meaning = "projects without a usable answer" }
request_count = { type = "BIGINT", unit = "count", meaning = "requests for projects' pages" }
body_bytes = { type = "BIGINT", unit = "bytes", meaning = "size of the answers as they came over the wire" }
index_url = { type = "VARCHAR", meaning = "the index that was asked, without credentials; null: none was" }
chosen_by = { type = "VARCHAR", meaning = "the options that chose its projects; null: not given" }
*/
select
    crawl_id,
    min(source) as source,
    min(api) as api,
    sum(project_count)::bigint as asked_count,
    coalesce(sum(project_count) filter (outcome = 'found'), 0)::bigint as found_count,
    coalesce(sum(project_count) filter (outcome = 'unchanged'), 0)::bigint as unchanged_count,
    coalesce(sum(project_count) filter (outcome = 'missing'), 0)::bigint as missing_count,
    coalesce(sum(project_count) filter (outcome = 'quarantined'), 0)::bigint as quarantined_count,
    coalesce(sum(project_count) filter (outcome = 'stale'), 0)::bigint as stale_count,
    coalesce(sum(project_count) filter (outcome = 'failed'), 0)::bigint as failed_count,
    sum(attempts)::bigint as request_count,
    sum(body_bytes)::bigint as body_bytes,
    min(index_url) as index_url,
    min(chosen_by) as chosen_by
from crawls
group by crawl_id
order by crawl_id desc
limit $count::bigint
