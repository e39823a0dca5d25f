/*
question = "In which order are the names of a release's files, where they do not all begin alike?"
grain = "one row for each sdist and wheel of a release whose files spell its name or version in several ways"
order = "none: it is a relation to query"
source = "files.parquet"
caveat = "In all other releases the names sort as what follows their common beginning: see candidates."
is_shared = true

[columns]
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
name_order = { type = "BIGINT", meaning = "1 for the release's first file by filename" }
*/
-- Most names begin as wheels do, with the project and the version.
with others as materialized (
    select distinct release_number
    from files
    where
        kind in ('sdist', 'wheel')
        and not starts_with(filename, replace(project, '-', '_') || '-' || version)
),

mixed as materialized (
    select release_number
    from files
    semi join others using (release_number)
    where kind in ('sdist', 'wheel')
    group by release_number
    having
        min(left(filename, length(project) + length(version) + 1))
        != max(left(filename, length(project) + length(version) + 1))
)

select file_number, row_number() over (partition by release_number order by filename) as name_order
from files
semi join mixed using (release_number)
where kind in ('sdist', 'wheel')
