-- Projects with a row that is not as rows usually are. Where in doubt, a row is odd: who decodes pages decides then.
create or replace temp table odd_projects as
with spelled as (
    select
        distinct_rows.*,
        project,
        replace(project, '-', '_') as escaped,
        versions.version_key is not null as is_wheel_version,
        lower(filename) as name
    from distinct_rows
    join projects using (number)
    left join versions on versions.version = distinct_rows.wheel_version
),

-- Normalized as PEP 503 says, where the usual spelling is not the one.
named as (
    select
        *,
        case
            when starts_with(name, escaped || '-') then true
            when kind = 'wheel' then
                regexp_replace(split_part(name, '-', 1), '[-_.]+', '-', 'g') = project
            else
                starts_with(name, project || '-')
                or starts_with(regexp_replace(name, '[-_.]+', '-', 'g'), project || '-')
        end as is_named
    from spelled
),

judged as (
    select
        number,
        coalesce(
            strlen(filename) = length(filename)  -- ASCII
            and length(filename) <= $longest
            and not contains(filename, '/')
            and not contains(filename, '\')
            and not contains(filename, chr(0))
            and kind is not null
            and is_named
            and (kind != 'wheel' or is_wheel_version)
            and length(version) <= $longest
            and (sha256 is null or (length(sha256) = 64 and try(unhex(sha256)) is not null))
            and (size is null or size >= 0)
            and (upload_time is null or upload_time >= '0002-01-01 00:00:00+00' and upload_time < '9999-01-01 00:00:00+00'),
            false
        ) as is_usual
    from named
)

select number
from judged
group by number
having not bool_and(is_usual) or count(*) > $most
