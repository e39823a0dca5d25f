/*
question = "Which releases got files more than the window after their first file?"
grain = "one row for each release with a late file"
order = "longest lag first, then most late files, then project and version"
source = "file_lags"
caveat = "Late says nothing about intent. The first upload is that of the first file still visible, or known if deleted ones count, so a lag is a lower bound."
uses = ["file_lags", "first_uploads", "days"]
in_table = ["project", "version", "file_count", "late_file_count", "first_uploaded_at", "last_uploaded_at", "longest_lag_us"]
portable = true

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }
project = { type = "VARCHAR", meaning = "only this project; null: all" }

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
file_count = { type = "BIGINT", unit = "count", meaning = "files listed now" }
late_file_count = { type = "BIGINT", unit = "count", meaning = "late files" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of the release" }
last_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "last upload still visible" }
longest_lag_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the latest file, exact" }
late_share = { type = "DOUBLE", unit = "share", meaning = "late_file_count / timed_file_count" }
timed_file_count = { type = "BIGINT", unit = "count", meaning = "files with an upload time: those that can be judged" }
*/
with late as (
    select release_number
    from first_uploads
    where epoch_us(last_uploaded_at) - epoch_us(first_uploaded_at) > days($window_days)
),

grown as (
    select
        release_number,
        count(*) as file_count,
        count(case when lag_us > days($window_days) then 1 end) as late_file_count,
        min(file_lags.first_uploaded_at) as first_uploaded_at,
        max(uploaded_at) as last_uploaded_at,
        max(lag_us) as longest_lag_us,
        count(lag_us) as timed_file_count
    from file_lags
    where
        release_number in (select release_number from late)
        and ($project::varchar is null or project = $project::varchar)
    group by release_number
)

select
    release.project,
    release.version,
    grown.file_count,
    grown.late_file_count,
    grown.first_uploaded_at,
    grown.last_uploaded_at,
    grown.longest_lag_us,
    grown.late_file_count / nullif(grown.timed_file_count, 0) as late_share,
    grown.timed_file_count
from grown
join dataset.releases as release on release.release_number = grown.release_number
where grown.late_file_count > 0
order by grown.longest_lag_us desc, grown.late_file_count desc, release.project, release.version
