/*
question = "Which late files look as if they were built for another version, so that a version bump may have been forgotten?"
grain = "one row for each late file within an hour of the first file of a neighbouring version"
order = "longest lag first, then filename"
source = "stray_files, files.parquet and releases.parquet"
caveat = "That two uploads are close in time does not show why: wheels for several versions are also built on one day on purpose. stray_files says what a neighbour is."
uses = ["stray_files", "days"]
in_table = ["filename", "other_version", "is_greater", "uploaded_at", "apart_us", "lag_us"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }
project = { type = "VARCHAR", meaning = "only this project; null: all" }

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the late file" }
other_version = { type = "VARCHAR", meaning = "the neighbouring version whose first file came within an hour of it" }
is_greater = { type = "BOOLEAN", meaning = "other_version is the greater one: a bump may have been forgotten" }
uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when the late file was uploaded" }
apart_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of other_version it came; negative: before" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of its own release, exact" }
*/
select
    file.project,
    file.version,
    file.filename,
    other.version as other_version,
    stray.is_greater,
    stray.uploaded_at,
    stray.apart_us,
    stray.lag_us
from stray_files(days($window_days)) as stray
join files as file using (file_number)
join dataset.releases as other on other.release_number = stray.other_release_number
where $project::varchar is null or file.project = $project::varchar
order by stray.lag_us desc, file.filename, file.project, file.version
