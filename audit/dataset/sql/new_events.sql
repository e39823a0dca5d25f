-- Both listings of every project that was known before and is replaced now; a side that is null does not list the file.
with before as (
    select * from old_files where project in (select project from replaced where is_known)
),

after as (
    select * from new_files where project in (select project from replaced where is_known)
),

-- What is the same on both sides, which is nearly all, goes no further. Only what both sides tell can differ.
both_sides as (
    select
        coalesce(after.project, before.project) as project,
        coalesce(after.filename, before.filename) as filename,
        before.project is not null as was_listed,
        after.project is not null as is_listed,
        coalesce(after.version, before.version) as version,
        coalesce(after.uploaded_at, before.uploaded_at) as uploaded_at,
        before.is_yanked as was_yanked,
        after.is_yanked,
        coalesce(after.yanked_reason, before.yanked_reason) as yanked_reason,
        [
            {field: 'version', before: before.version, after: after.version},
            {field: 'sha256', before: before.sha256, after: after.sha256},
            {field: 'size_bytes', before: before.size_bytes::text, after: after.size_bytes::text},
            {
                field: 'uploaded_at',
                before: strftime(before.uploaded_at, '%Y-%m-%dT%H:%M:%S.%fZ'),
                after: strftime(after.uploaded_at, '%Y-%m-%dT%H:%M:%S.%fZ')
            }
        ] as fields
    from before
    full join after using (project, filename)
    where
        before.project is null
        or after.project is null
        or before.is_yanked != after.is_yanked
        or before.version != after.version
        or before.sha256 != after.sha256
        or before.size_bytes != after.size_bytes
        or before.uploaded_at != after.uploaded_at
),

values_of_fields as (
    select project, version, filename, uploaded_at, unnest(fields) as value from both_sides
),

differences as (
    select project, version, filename, uploaded_at, 'appeared' as event, null as value, null as reason
    from both_sides
    where not was_listed
    union all
    select sides.project, version, filename, uploaded_at, 'vanished', null, if(outcome = 'found', 'unlisted', outcome)
    from both_sides as sides inner join replaced on sides.project = replaced.project
    where not is_listed
    union all
    select project, version, filename, uploaded_at, if(is_yanked, 'yanked', 'unyanked'), null, yanked_reason
    from both_sides
    where was_yanked != is_yanked
    union all
    select project, version, filename, uploaded_at, 'changed', value, null
    from values_of_fields
    where value.before != value.after
)

select
    $crawl_id as crawl_id,
    $crawl_at as seen_at,
    differences.project,
    differences.version,
    filename,
    event,
    releases.project is not null as is_known_release,
    uploaded_at,
    value.field as field,
    value.before as before,
    value.after as after,
    reason
from differences
left join old_releases as releases
    on differences.project = releases.project and differences.version = releases.version
order by project, version, filename, event, field nulls first
