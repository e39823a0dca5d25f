select
    staged.project,
    staged.version,
    releases.version_key,
    releases.is_prerelease,
    staged.* exclude (project, version),
    coalesce(old.first_seen_at, $crawl_at) as first_seen_at
from staged_files as staged
inner join staged_releases as releases using (project, version)
left join (
    select project, filename, first_seen_at from old_files
    where project in (select project from replaced)
) as old using (project, filename)
union all by name
select * from old_files
where project not in (select project from replaced)
order by project, version_key nulls last, version, uploaded_at nulls last, filename
