/*
question = "Does each project list as many releases as its row says?"
grain = "one row for each project whose counts differ"
order = "project"
source = "projects and releases.parquet"
caveat = "A project that was never asked for but has releases counts as 0."

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
stated_release_count = { type = "BIGINT", unit = "count", meaning = "what projects.parquet says" }
listed_release_count = { type = "BIGINT", unit = "count", meaning = "rows in releases.parquet" }
*/
with listed as (select project, count(*) as release_count from dataset.releases group by project)

select
    coalesce(stated.project, listed.project) as project,
    coalesce(stated.release_count, 0) as stated_release_count,
    coalesce(listed.release_count, 0) as listed_release_count
from projects as stated
full join listed on listed.project = stated.project
where stated_release_count != listed_release_count
order by 1
