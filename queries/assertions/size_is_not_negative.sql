/*
question = "Is every file size at least zero?"
grain = "one row for each file with a negative size"
order = "project, version, filename"
source = "files"
caveat = "A file without a size (null) is allowed."

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the file" }
size_bytes = { type = "BIGINT", unit = "bytes", meaning = "the negative size" }
*/
select project, version, filename, size_bytes
from files
where size_bytes < 0
order by project, version, filename
