/*
question = "Which sdists and wheels have names that are not simply their project and version, and do installers take them for the release?"
grain = "one row for each such file"
order = "none: it is a relation to query"
source = "files.parquet; pip's reading of filenames"
caveat = "An installer only looks at the name: cffi-1.0.2-2.tar.gz, listed under 1.0.2, is 1.0.2.post2 to it."
is_shared = true
function = "names_release"

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version of the release that lists the file" }
filename = { type = "VARCHAR", meaning = "name of the file" }
is_of_release = { type = "BOOLEAN", meaning = "an installer takes it for this project and version" }
*/
with names as (
    select
        project,
        version,
        filename,
        case
            -- An empty tag, or one that is no identifier, makes the whole name one that pip does not read.
            when kind = 'wheel' and (contains(filename, '..') or contains(filename, '.-') or contains(filename, '+'))
                then null
            when kind = 'wheel' and split_part(filename, '-', 2) = version then split_part(filename, '-', 1)
            when kind = 'sdist' and ends_with(filename, '-' || version || '.tar.gz')
                then left(filename, length(filename) - length(version) - 8)
            when kind = 'sdist' and ends_with(filename, '-' || version || '.zip')
                then left(filename, length(filename) - length(version) - 5)
        end as name
    from files
    where kind in ('sdist', 'wheel')
)

select project, version, filename, null::boolean as is_of_release
from names
where translate(lower(name), '_.', '--') is distinct from project
