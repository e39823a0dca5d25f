/*
question = "Do only projects that were found have releases?"
grain = "one row for each other project with releases"
order = "project"
source = "projects and releases.parquet"
caveat = "A project that could not be reached at the last request keeps what was found before: its status stays found."

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
status = { type = "VARCHAR", meaning = "what the last usable answer said" }
release_count = { type = "BIGINT", unit = "count", meaning = "releases it lists" }
*/
select project.project, project.status, count(*) as release_count
from projects as project
join dataset.releases as release on release.project = project.project
where project.status != 'found'
group by project.project, project.status
order by project.project
