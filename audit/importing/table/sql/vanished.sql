-- Files that the table tells and the dataset does not list, of projects whose index said what it lists. What was uploaded
-- on the last day before that answer, or later, need not have been in it; what is known to have gone is not told again.
select
    told.project,
    told.version,
    told.filename,
    'vanished' as event,
    told.uploaded_at,
    null::varchar as field,
    null::varchar as before,
    null::varchar as after,
    if(known.status = 'found', 'unlisted', known.status) as reason
from table_files as told
join known
    on
        known.project = told.project
        and told.uploaded_at < coalesce(known.recorded_at, known.last_checked_at) - interval 1 day
anti join (
    select project, filename from listed where project between $first and $last
    union all
    select project, filename from set_aside where project between $first and $last
    union all
    select project, filename from events where event = 'vanished' and project between $first and $last
) as spoken on spoken.project = told.project and spoken.filename = told.filename
where known.status in ('found', 'missing', 'quarantined')
order by told.project, told.version, told.filename
