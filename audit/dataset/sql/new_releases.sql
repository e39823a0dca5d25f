select
    staged.*,
    coalesce(old.first_seen_at, $crawl_at) as first_seen_at
from staged_releases as staged
left join old_releases as old using (project, version)
union all by name
select * from old_releases
where project not in (select project from replaced)
order by project, version_key nulls last, version
