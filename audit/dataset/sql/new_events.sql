-- Both listings of every project that was known before and is replaced now; a side that is null does not list the file.
with before as (
    select * from old_files where project in (select project from replaced where is_known)
),

after as (
    select * from new_files where project in (select project from replaced where is_known)
),

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
        -- Only what both sides tell can differ.
        unnest([
            {field: 'version', before: before.version, after: after.version},
            {field: 'sha256', before: before.sha256, after: after.sha256},
            {field: 'size_bytes', before: before.size_bytes::text, after: after.size_bytes::text},
            {
                field: 'uploaded_at',
                before: strftime(before.uploaded_at, '%Y-%m-%dT%H:%M:%S.%fZ'),
                after: strftime(after.uploaded_at, '%Y-%m-%dT%H:%M:%S.%fZ')
            }
        ]) as value
    from before
    full join after using (project, filename)
),

differences as (
    select project, version, filename, uploaded_at, 'appeared' as event, null as value, null as reason
    from both_sides
    where not was_listed and value.field = 'version'
    union all
    select sides.project, version, filename, uploaded_at, 'vanished', null, if(outcome = 'found', 'unlisted', outcome)
    from both_sides as sides inner join replaced on sides.project = replaced.project
    where not is_listed and value.field = 'version'
    union all
    select project, version, filename, uploaded_at, if(is_yanked, 'yanked', 'unyanked'), null, yanked_reason
    from both_sides
    where was_yanked != is_yanked and value.field = 'version'
    union all
    select project, version, filename, uploaded_at, 'changed', value, null
    from both_sides
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
