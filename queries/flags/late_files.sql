/*
question = "Which files were uploaded more than the window after the first file of their release?"
grain = "one row for each late file"
order = "longest lag first, then filename"
source = "file_lags"
caveat = "Late says nothing of intent. The first upload is that of the first file still visible, so a lag is a lower bound."
uses = ["file_lags"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 0, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }
project = { type = "VARCHAR", meaning = "only this project; null: all" }

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the late file" }
kind = { type = "VARCHAR", meaning = "sdist, wheel, egg, wininst, msi, rpm, dmg, dumb; null: not told" }
uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when the late file was uploaded" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release, exact" }
*/
select project, version, filename, kind, uploaded_at, lag_us
from file_lags
where
    lag_us > $window_days::bigint * 86400000000
    and ($project::varchar is null or project = $project::varchar)
order by lag_us desc, filename, project, version
