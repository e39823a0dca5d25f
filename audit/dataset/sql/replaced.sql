-- Projects whose rows this crawl replaces, and whether they were known before: a first sight is a baseline.
create temp table replaced as
select
    results.project,
    results.outcome,
    known.first_found_at is not null as is_known
from staged_results as results
left join old_projects as known using (project)
where results.outcome in ('found', 'missing', 'quarantined')
