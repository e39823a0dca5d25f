-- Of a name that had several contents, each that is not listed, beside the one after it.
with several as (select distinct number, filename from distinct_rows where place > 1),

contents as (
    select
        number,
        version,
        filename,
        place,
        upload_time,
        sha256,
        size,
        lag(upload_time) over later as next_upload_time,
        lag(sha256) over later as next_sha256,
        lag(size) over later as next_size
    from distinct_rows
    semi join several using (number, filename)
    where filename is not null
    window later as (partition by number, filename order by place)
),

fields as (
    select number, version, filename, upload_time, unnest([
        {field: 'sha256', before: sha256, after: next_sha256},
        {field: 'size_bytes', before: size::varchar, after: next_size::varchar},
        {
            field: 'uploaded_at',
            before: strftime(upload_time, '%Y-%m-%dT%H:%M:%S.%fZ'),
            after: strftime(next_upload_time, '%Y-%m-%dT%H:%M:%S.%fZ')
        }
    ]) as value
    from contents
    where place > 1
)

select
    projects.project,
    version,
    filename,
    'changed' as event,
    upload_time as uploaded_at,
    value.field as field,
    value.before as before,
    value.after as after,
    null::varchar as reason
from fields
join projects using (number)
where value.before is distinct from value.after
order by project, version, filename, uploaded_at, field
