-- Usable: the index said what the project lists, or that it has not changed. Heard: it said so in an answer of the
-- project's own, and not by a serial in the root.
with results as (
    select
        *,
        outcome in ('found', 'unchanged', 'missing', 'quarantined') as is_usable,
        is_usable and attempts > 0 as is_heard
    from staged_results
    where $is_listing
),

-- A release with no file differs in no file.
changed as (
    select coalesce(after_project, before_project) as project from differing_files
    union
    select coalesce(after_project, before_project) from differing_releases
    union
    select project from replaced inner join staged_results using (project) where not is_known and release_count > 0
)

select
    coalesce(results.project, old.project) as project,
    case
        when replaced.project is not null then results.outcome
        else coalesce(old.status, 'unknown')
    end as status,
    coalesce(results.outcome, old.last_outcome) as last_outcome,
    if(results.project is null, old.failure_reason, results.reason) as failure_reason,
    if(results.project is null, old.failure_detail, results.detail) as failure_detail,
    if(replaced.project is null, old.index_status, results.index_status) as index_status,
    if(replaced.project is null, old.api, $api) as api,
    case
        when replaced.project is not null then results.serial
        when results.outcome = 'unchanged' then coalesce(results.serial, old.serial)
        else old.serial
    end as serial,
    case
        when replaced.project is not null then results.etag
        when results.outcome = 'unchanged' then coalesce(results.etag, old.etag)
        else old.etag
    end as etag,
    if(results.is_heard, results.recorded_at, old.recorded_at) as recorded_at,
    if(results.is_heard, results.recorded_from, old.recorded_from) as recorded_from,
    if(replaced.project is null, coalesce(old.release_count, 0), results.release_count) as release_count,
    if(replaced.project is null, coalesce(old.file_count, 0), results.file_count) as file_count,
    coalesce(old.first_found_at, if(results.outcome = 'found', $crawl_at, null)) as first_found_at,
    if(results.is_usable, $crawl_at, old.last_checked_at) as last_checked_at,
    if(changed.project is not null, $crawl_at, old.last_changed_at) as last_changed_at
from results
full join old_projects as old using (project)
left join replaced on coalesce(results.project, old.project) = replaced.project
left join changed on replaced.project = changed.project
order by project
