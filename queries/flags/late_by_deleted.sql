/*
question = "Which files are late only if deleted files count?"
grain = "one row for each file that is late after the first known upload, but not after the first that is still visible"
order = "longest lag first, then filename, project and version"
source = "files.parquet and true_first_uploads"
caveat = "Together with late-files these are all late files if deleted files count. Only known deleted files count, see deleted_uploads: without `import bigquery --against-crawl` there are few. It always compares both ways of counting, so --including-deleted changes nothing here."
uses = ["true_first_uploads", "days"]
in_table = ["project", "version", "filename", "uploaded_at", "known_lag_us", "lag_us"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }
project = { type = "VARCHAR", meaning = "only this project; null: all" }

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the file" }
uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when it was uploaded" }
known_lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file that is known, deleted ones among them" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file that is still visible" }
known_first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "upload of the first file that is known" }
*/
with known as (
    select
        file.*,
        first.first_uploaded_at as known_first_uploaded_at,
        epoch_us(file.uploaded_at) - epoch_us(first.first_uploaded_at) as known_lag_us,
        epoch_us(file.uploaded_at) - epoch_us(first.visible_first_uploaded_at) as lag_us
    from files as file
    join true_first_uploads as first on first.release_number = file.release_number
    where first.is_earlier
)

select project, version, filename, uploaded_at, known_lag_us, lag_us, known_first_uploaded_at
from known
where
    known_lag_us > days($window_days)
    and lag_us <= days($window_days)
    and ($project::varchar is null or project = $project::varchar)
order by known_lag_us desc, filename, project, version
