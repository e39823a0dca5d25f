/*
question = "Which files are known to be gone, and when were they uploaded?"
grain = "one row for each file content that is no longer listed: of a file that vanished, or under a name that now has other content"
order = "none: it is a relation to query"
source = "events, files.parquet and releases.parquet"
caveat = "Files are known if a crawl saw them vanish, or if they were imported from a source that keeps deleted files: see docs/import.md. BigQuery's table has uploads from 2024-03-20 to 2025-01-13 only if their files still existed when it was filled in later: files that came and went in these days are missing. A file without an upload time is left out."
is_shared = true

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the source spells it" }
filename = { type = "VARCHAR", meaning = "name of the file" }
uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when it was uploaded" }
source = { type = "VARCHAR", meaning = "the source; if several know it, the first by name, so bigquery before crawl" }
release_number = { type = "BIGINT", meaning = "its release in files.parquet and releases.parquet; null: the release is gone too" }
*/
with gone as (
    select project, version, filename, uploaded_at, min(source) as source
    from events
    where event = 'vanished' or (event = 'changed' and seen_at is null)
    group by project, version, filename, uploaded_at
)

select gone.project, gone.version, gone.filename, gone.uploaded_at, gone.source, release.release_number
from gone
left join dataset.releases as release on release.project = gone.project and release.version = gone.version
anti join files as file
    on file.project = gone.project and file.filename = gone.filename and file.uploaded_at = gone.uploaded_at
where gone.uploaded_at is not null
