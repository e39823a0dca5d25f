/*
question = "Is each release listed once?"
grain = "one row for each release listed more than once"
order = "project, version"
source = "releases.parquet"
caveat = "A second row of a release would count its files twice."

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
release_count = { type = "BIGINT", unit = "count", meaning = "rows of this release" }
*/
select project, version, count(*) as release_count
from dataset.releases
group by project, version
having count(*) > 1
order by project, version
