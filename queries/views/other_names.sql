/*
question = "Which sdists and wheels are not named as most are?"
grain = "one row for each such file"
order = "none: it is a relation to query"
source = "files.parquet"
caveat = "Most begin with the project, as wheels write it, and the version. An sdist has only its ending after that; a wheel has its tags: an empty one, or an interpreter that is no identifier, makes the whole name one that pip does not read."
is_shared = true

[columns]
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the file" }
kind = { type = "VARCHAR", meaning = "sdist or wheel" }
has_beginning = { type = "BOOLEAN", meaning = "it begins as most do, and differs after that" }
is_unreadable = { type = "BOOLEAN", meaning = "it is a wheel with an empty tag, or an interpreter tag that is no plain identifier" }
*/
with named as (
    select
        file_number,
        release_number,
        project,
        version,
        filename,
        kind,
        replace(project, '-', '_') || '-' || version as beginning,
        -- Tags stand in many names, and their columns are sorted: an empty one comes first.
        coalesce(
            not regexp_full_match(python_tag, '[a-z_][a-z0-9_]*([.][a-z_][a-z0-9_]*)*')
            or starts_with(abi_tag, '.')
            or starts_with(platform_tag, '.'),
            false
        ) as is_unreadable
    from files
    where kind in ('sdist', 'wheel')
)

select file_number, release_number, project, version, filename, kind, starts_with(filename, beginning) as has_beginning, is_unreadable
from named
where
    case
        when kind = 'sdist' then filename not in (beginning || '.tar.gz', beginning || '.zip')
        else is_unreadable or contains(version, '-') or not starts_with(filename, beginning || '-')
    end
