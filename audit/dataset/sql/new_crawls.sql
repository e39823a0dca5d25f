-- Who was unchanged follows from what was not; on most nights that is nearly everybody.
with outcomes as (
    select project, outcome, 1 as project_count, reason, detail, serial, body_bytes, duration_ms, attempts
    from staged_results
    where outcome != 'unchanged'
    union all
    select null, outcome, count(*), null, null, null, sum(body_bytes), sum(duration_ms), sum(attempts)
    from staged_results
    where outcome = 'unchanged'
    group by outcome, attempts > 0
)

select
    $crawl_id as crawl_id,
    project,
    outcome,
    project_count,
    reason,
    detail,
    serial,
    body_bytes::bigint as body_bytes,
    duration_ms::bigint as duration_ms,
    attempts::bigint as attempts,
    $api as api,
    $index_url as index_url,
    $chosen_by as chosen_by,
    $source as source
from outcomes
order by project nulls first, attempts
