/*
question = "Does each project list as many files as its row says?"
grain = "one row for each project whose counts differ"
order = "project"
source = "projects and files"
caveat = "A project that was never asked for but has files counts as 0."

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
stated_file_count = { type = "BIGINT", unit = "count", meaning = "what projects.parquet says" }
listed_file_count = { type = "BIGINT", unit = "count", meaning = "rows in files.parquet" }
*/
with listed as (select project, count(*) as file_count from files group by project)

select
    coalesce(stated.project, listed.project) as project,
    coalesce(stated.file_count, 0) as stated_file_count,
    coalesce(listed.file_count, 0) as listed_file_count
from projects as stated
full join listed on listed.project = stated.project
where stated_file_count != listed_file_count
order by 1
