/*
question = "Is each project listed once?"
grain = "one row for each project listed more than once"
order = "project"
source = "projects"
caveat = "A second row of a project would make every denominator wrong."

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
project_count = { type = "BIGINT", unit = "count", meaning = "rows of this project" }
*/
select project, count(*) as project_count
from projects
group by project
having count(*) > 1
order by project
