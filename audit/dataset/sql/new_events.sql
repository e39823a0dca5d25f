-- A side of a pair that is null does not list the file. A yank that one side does not state is no change, nor is a time
-- that is the same as far as both sources are exact.
with both_sides as (
    select
        coalesce(after_project, before_project) as project,
        coalesce(after_filename, before_filename) as filename,
        before_project is not null as was_listed,
        after_project is not null as is_listed,
        coalesce(after_version, before_version) as version,
        coalesce(after_uploaded_at, before_uploaded_at) as uploaded_at,
        before_is_yanked as was_yanked,
        after_is_yanked as is_yanked,
        coalesce(after_yanked_reason, before_yanked_reason) as yanked_reason,
        abs(epoch_us(before_uploaded_at) - epoch_us(after_uploaded_at))
            >= greatest(before_time_precision_us, after_time_precision_us) as is_other_time,
        [
            {field: 'version', before: before_version, after: after_version},
            {field: 'sha256', before: before_sha256, after: after_sha256},
            {field: 'size_bytes', before: before_size_bytes::text, after: after_size_bytes::text},
            {
                field: 'uploaded_at',
                before: if(is_other_time, strftime(before_uploaded_at, '%Y-%m-%dT%H:%M:%S.%fZ'), null),
                after: strftime(after_uploaded_at, '%Y-%m-%dT%H:%M:%S.%fZ')
            }
        ] as fields
    from differing_files
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
),

new_releases as (
    select after_project as project, after_version as version from differing_releases where before_project is null
),

seen as (
    select
        $crawl_id as crawl_id,
        $crawl_at as seen_at,
        differences.project,
        differences.version,
        filename,
        event,
        new_releases.project is null as is_known_release,
        uploaded_at,
        value.field as field,
        value.before as before,
        value.after as after,
        reason,
        $source as source
    from differences
    left join new_releases
        on differences.project = new_releases.project and differences.version = new_releases.version
)

select * from seen
union all by name
select *, $crawl_id as crawl_id, null::timestamptz as seen_at, true as is_known_release, $source as source
from reported_events
order by project, version, filename, event, field nulls first, uploaded_at, before, after
