select projects.project, release_rows.* exclude (number, release_number), true as is_listed
from release_rows
join projects using (number)
order by release_number
