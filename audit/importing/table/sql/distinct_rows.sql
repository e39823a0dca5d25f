-- The rows of a chunk, each once. Of rows that are the same file (name and SHA-256) the first uploaded counts; of
-- contents that had one name, the last uploaded is at place 1 and is listed. Few names have several rows: only they are
-- sorted, found by numbers that group faster than text.
with spelled as materialized (
    select
        number,
        version,
        filename,
        upload_time,
        size,
        packagetype,
        nullif(requires_python, '') as requires_python,
        lower(sha256_digest) as sha256,
        nullif(uploaded_via, '') as uploaded_via,
        hash(number, filename) as name_hash
    from chunk
),

several as (
    select name_hash
    from spelled
    group by name_hash
    having count(*) > 1
),

once as (
    select *
    from spelled
    semi join several using (name_hash)
    qualify row_number() over (
        partition by number, filename, sha256
        order by
            upload_time nulls last,
            version nulls last,
            size nulls last,
            packagetype nulls last,
            requires_python nulls last,
            uploaded_via nulls last
    ) = 1
),

placed as (
    select *, 1 as place
    from spelled
    anti join several using (name_hash)
    union all
    select
        *,
        row_number() over (
            partition by number, filename, if(filename is null, sha256, null)
            order by upload_time desc nulls last, sha256 desc nulls last
        ) as place
    from once
),

ended as (
    select
        * exclude (name_hash),
        case
            when suffix(filename, '.whl') then '.whl'
            when suffix(filename, '.tar.gz') then '.tar.gz'
            else regexp_extract(filename, '((?i:\.tar))?\.[^.]*$')
        end as ending
    from placed
),

kinds as (
    select
        ended.*,
        if(
            endings.kind = 'sdist'
            and regexp_matches(left(filename, length(filename) - length(ended.ending)), $dumb, 'i'),
            'dumb',
            endings.kind
        ) as kind
    from ended
    left join endings on endings.ending = lower(ended.ending)
)

select
    * exclude (ending),
    if(kind = 'wheel', split_part(filename, '-', 2), null) as wheel_version,
    if(
        kind = 'wheel',
        substr(filename, length(split_part(filename, '-', 1)) + length(split_part(filename, '-', 2)) + 3),
        null
    ) as wheel_tail
from kinds
