select
    $crawl_id as crawl_id,
    project,
    outcome,
    reason,
    detail,
    serial,
    body_bytes,
    duration_ms,
    attempts,
    $api as api,
    $index_url as index_url,
    $chosen_by as chosen_by,
    $source as source
from staged_results
order by project
