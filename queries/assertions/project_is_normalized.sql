/*
question = "Is every project named as PEP 503 normalizes it?"
grain = "one row for each other name"
order = "project"
source = "projects"
caveat = "A second spelling of a name would split a project in two."

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
*/
select project
from projects
where not regexp_full_match(project, '[a-z0-9]+(-[a-z0-9]+)*')
order by project
