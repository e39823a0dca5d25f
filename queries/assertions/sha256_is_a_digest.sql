/*
question = "Is every hash 64 lower-case hex digits?"
grain = "one row for each file with another hash"
order = "project, version, filename"
source = "files"
caveat = "A file without a hash (null) is allowed."

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the file" }
sha256 = { type = "VARCHAR", meaning = "the value that is not a SHA-256" }
*/
select project, version, filename, sha256
from files
where not regexp_full_match(sha256, '[0-9a-f]{64}')
order by project, version, filename
