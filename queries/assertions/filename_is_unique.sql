/*
question = "Is each filename listed once on the index?"
grain = "one row for each filename listed more than once"
order = "filename"
source = "files"
caveat = "A second row of a file would count its lag twice."

[columns]
filename = { type = "VARCHAR", meaning = "name of the file" }
file_count = { type = "BIGINT", unit = "count", meaning = "rows with this filename" }
first_project = { type = "VARCHAR", meaning = "alphabetically first project that lists it" }
last_project = { type = "VARCHAR", meaning = "alphabetically last project that lists it" }
*/
-- Only names whose hash another name has too are counted by name: numbers group faster than text.
with suspects as (
    select hash(filename) as filename_hash
    from files
    group by filename_hash
    having count(*) > 1
)

select
    filename,
    count(*) as file_count,
    min(project) as first_project,
    max(project) as last_project
from files
semi join suspects on suspects.filename_hash = hash(files.filename)
group by filename
having count(*) > 1
order by filename
