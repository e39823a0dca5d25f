/*
question = "Does every file belong to a listed release, the one of its number?"
grain = "one row for each file whose number is of no release, or of another one"
order = "project, version, filename"
source = "files and releases.parquet"
caveat = "A file without its release is missing from every count of releases, and lags are computed by that number."

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the file" }
*/
select file.project, file.version, file.filename
from files as file
anti join dataset.releases as release
    on release.release_number = file.release_number
    and release.project = file.project
    and release.version = file.version
order by file.project, file.version, file.filename
