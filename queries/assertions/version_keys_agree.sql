/*
question = "Does every file have the sort key of its release, and does every key belong to a PEP 440 version?"
grain = "one row for each file whose key or pre-release mark differs from its release's, or has one without the other"
order = "project, version, filename"
source = "files and releases.parquet"
caveat = "Checks the copy of the release's columns in files.parquet."

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the file" }
file_key = { type = "VARCHAR", meaning = "version_key of the file" }
release_key = { type = "VARCHAR", meaning = "version_key of the release" }
*/
select
    file.project,
    file.version,
    file.filename,
    file.version_key as file_key,
    release.version_key as release_key
from files as file
join dataset.releases as release on release.release_number = file.release_number
where
    file.version_key is distinct from release.version_key
    or file.is_prerelease is distinct from release.is_prerelease
    or (file.version_key is null) != (file.is_prerelease is null)
order by file.project, file.version, file.filename
