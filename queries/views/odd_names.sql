/*
question = "Which sdists and wheels have names that are not simply their project and version, and do installers take them for the release?"
grain = "one row for each such file"
order = "none: it is a relation to query"
source = "other_names; pip's reading of filenames"
caveat = "An installer only looks at the name: cffi-1.0.2-2.tar.gz, listed under 1.0.2, is 1.0.2.post2 to it."
is_shared = true
uses = ["other_names"]
function = "names_release"

[columns]
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version of the release that lists the file" }
filename = { type = "VARCHAR", meaning = "name of the file" }
is_of_release = { type = "BOOLEAN", meaning = "an installer takes it for this project and version" }
*/
with names as (
    select
        *,
        case
            when kind = 'wheel' and is_unreadable then null
            when kind = 'wheel' and split_part(filename, '-', 2) = version then split_part(filename, '-', 1)
            when kind = 'sdist' and ends_with(filename, '-' || version || '.tar.gz')
                then left(filename, length(filename) - length(version) - 8)
            when kind = 'sdist' and ends_with(filename, '-' || version || '.zip')
                then left(filename, length(filename) - length(version) - 5)
        end as name
    from other_names
)

select file_number, project, version, filename, null::boolean as is_of_release
from names
where
    name is null
    or (name != project and name != replace(project, '-', '_') and translate(lower(name), '_.', '--') != project)
