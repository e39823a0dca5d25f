create or replace temp table release_rows as
with spelled as (
    select distinct number, version
    from distinct_rows
    where place = 1 and number not in (select number from odd_projects)
)

select
    number,
    version,
    versions.* exclude (version),
    row_number() over (order by number, version_key nulls last, version) - 1 as release_number
from spelled
join versions using (version)
