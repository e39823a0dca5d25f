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
    $index_url as index_url
from staged_results
order by project
