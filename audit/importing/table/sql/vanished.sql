-- Files that the table has and the dataset does not list, of projects whose index said what it lists. What was
-- uploaded on the last day before that answer, or later, need not have been in it; what is known to have gone is not
-- reported again.
select
    table_files.project,
    table_files.version,
    table_files.filename,
    'vanished' as event,
    table_files.uploaded_at,
    null::varchar as field,
    null::varchar as before,
    null::varchar as after,
    if(known.status = 'found', 'unlisted', known.status) as reason
from table_files
join known
    on
        known.project = table_files.project
        and table_files.uploaded_at < coalesce(known.recorded_at, known.last_checked_at) - interval 1 day
anti join (
    select project, filename from listed where project between $first and $last
    union all
    select project, filename from set_aside where project between $first and $last
    union all
    select project, filename from events where event = 'vanished' and project between $first and $last
) as spoken on spoken.project = table_files.project and spoken.filename = table_files.filename
where known.status in ('found', 'missing', 'quarantined')
order by table_files.project, table_files.version, table_files.filename
