/*
question = "Is every kind one of the eight known ones?"
grain = "one row for each file of another kind"
order = "project, version, filename"
source = "files"
caveat = "A file without a kind (null) is allowed: neither its name nor the index gives one."

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the file" }
kind = { type = "VARCHAR", meaning = "the unknown kind" }
*/
select project, version, filename, kind
from files
where kind not in ('sdist', 'wheel', 'egg', 'wininst', 'msi', 'rpm', 'dmg', 'dumb')
order by project, version, filename
