select
    projects.project,
    coalesce(version, '') as version,
    filename,
    sha256,
    size,
    packagetype,
    requires_python,
    strftime(upload_time, '%Y-%m-%dT%H:%M:%S.%fZ') as uploaded_at,
    uploaded_via
from distinct_rows
join odd_projects using (number)
join projects using (number)
where place = 1
order by number, version, filename nulls first, sha256
