-- A release's place in its table orders the files: one number to sort by instead of three texts.
select
    listed.project,
    listed.version,
    releases.version_key,
    releases.is_prerelease,
    listed.* exclude (project, version)
from (
    select
        staged.*,
        coalesce(old.first_seen_at, $crawl_at) as first_seen_at
    from staged_files as staged
    left join (
        select project, filename, first_seen_at from old_files
        where project in (select project from replaced)
    ) as old using (project, filename)
    union all by name
    select * exclude (version_key, is_prerelease) from old_files
    where project not in (select project from replaced)
) as listed
inner join new_releases as releases using (project, version)
order by releases.file_row_number, uploaded_at nulls last, filename
