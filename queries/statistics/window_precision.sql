/*
question = "How many files are so near the window that the times of their source do not show whether they are late?"
grain = "one row"
order = "none: one row"
source = "files.parquet and unsure_lags"
caveat = "Such files count by the lag that their source gives. So the count of late files may be too high or too low by these numbers."
uses = ["unsure_lags", "days"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
files = { type = "BIGINT", meaning = "files with an upload time" }
coarse_file_count = { type = "BIGINT", unit = "count", meaning = "those of them whose time is not exact to the microsecond" }
unsure_late_file_count = { type = "BIGINT", unit = "count", meaning = "files that count as late and may not be" }
unsure_other_file_count = { type = "BIGINT", unit = "count", meaning = "files that do not count as late and may be" }
*/
select
    (select count(uploaded_at) from files) as files,
    (select count(*) from files where uploaded_at is not null and time_precision_us > 1) as coarse_file_count,
    count(*) filter (is_late) as unsure_late_file_count,
    count(*) filter (not is_late) as unsure_other_file_count
from unsure_lags(days($window_days))
