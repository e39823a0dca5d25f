/*
question = "In which order are the names of a release's files, where they do not all begin alike?"
grain = "one row for each sdist and wheel of a release whose files spell its name or version in several ways"
order = "none: it is a relation to query"
source = "files.parquet, other_names"
caveat = "In all other releases the names sort as what follows their common beginning: see candidates."
is_shared = true
uses = ["other_names"]

[columns]
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
name_order = { type = "BIGINT", meaning = "1 for the release's first file by filename" }
*/
with others as (select distinct release_number from other_names where not has_beginning),

listed as materialized (
    select file_number, release_number, filename, left(filename, length(project) + length(version) + 1) as beginning
    from files
    semi join others using (release_number)
    where kind in ('sdist', 'wheel')
),

mixed as (
    select release_number
    from listed
    group by release_number
    having min(beginning) != max(beginning)
)

select file_number, row_number() over (partition by release_number order by filename) as name_order
from listed
semi join mixed using (release_number)
