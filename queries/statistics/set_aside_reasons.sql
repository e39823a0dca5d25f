/*
question = "What could not be read or placed, and why?"
grain = "one row for each reason and column"
order = "whole files first, then most rows first, then reason and column"
source = "set_aside.parquet and files.parquet"
in_table = ["reason", "field", "set_aside_count", "projects", "first_project", "first_filename"]
caveat = "A file that is set aside is in no other number; its project's other files are. If most files of a project cannot be used, the project has failed instead, and keeps its old rows."

[columns]
reason = { type = "VARCHAR", meaning = "why, as a code such as unknown-ending" }
field = { type = "VARCHAR", meaning = "the column in which it would be" }
is_whole_file = { type = "BOOLEAN", meaning = "the file is in no other table; false: it is listed without this field" }
set_aside_count = { type = "BIGINT", unit = "count", meaning = "files, or fields, set aside for this reason" }
projects = { type = "BIGINT", meaning = "projects with such files or fields" }
all_file_count = { type = "BIGINT", unit = "count", meaning = "all files that are listed or set aside: the denominator" }
set_aside_share = { type = "DOUBLE", unit = "share", meaning = "set_aside_count / all_file_count" }
first_project = { type = "VARCHAR", meaning = "the first of these projects by name" }
first_filename = { type = "VARCHAR", meaning = "the first of its files by name; null: none has a name" }
*/
with in_all as (
    select (select count(*) from files) + count(*) filter (is_whole_file) as all_file_count from set_aside
)

select
    reason,
    field,
    is_whole_file,
    count(*) as set_aside_count,
    count(distinct project) as projects,
    any_value(in_all.all_file_count) as all_file_count,
    count(*) / nullif(any_value(in_all.all_file_count), 0) as set_aside_share,
    min(project) as first_project,
    arg_min(filename, (project, filename)) as first_filename
from set_aside
cross join in_all
group by reason, field, is_whole_file
order by is_whole_file desc, set_aside_count desc, reason, field
