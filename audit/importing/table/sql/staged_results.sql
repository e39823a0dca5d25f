with file_counts as (
    select number, count(*) filter (place = 1) as file_count
    from distinct_rows
    where number not in (select number from odd_projects)
    group by number
),

release_counts as (select number, count(*) as release_count from release_rows group by number)

select project, 'found' as outcome, 0::bigint as body_bytes, 0::bigint as duration_ms, 0::bigint as attempts, file_count, release_count
from file_counts
join release_counts using (number)
join projects using (number)
order by project
