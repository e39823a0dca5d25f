/*
question = "When did late files come: how many in each month?"
grain = "one row for each month (UTC) with an upload"
order = "month"
source = "files.parquet and grown_files"
caveat = "A late file counts in the month of its own upload; its release may be years older."
uses = ["grown_files", "days", "utc"]
portable = true

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
month = { type = "VARCHAR", meaning = "month of upload, UTC, such as 2026-07" }
files = { type = "BIGINT", meaning = "files uploaded in the month: the denominator" }
late_files = { type = "BIGINT", meaning = "late files uploaded in the month" }
late_share = { type = "DOUBLE", unit = "share", meaning = "late_files / files" }
*/
with uploads as (
    select strftime(utc(uploaded_at), '%Y-%m') as month, count(*) as files
    from files
    where uploaded_at is not null
    group by strftime(utc(uploaded_at), '%Y-%m')
),

late as (
    select strftime(utc(uploaded_at), '%Y-%m') as month, count(*) as late_files
    from grown_files
    where lag_us > days($window_days)
    group by strftime(utc(uploaded_at), '%Y-%m')
)

select
    uploads.month,
    uploads.files,
    coalesce(late.late_files, 0) as late_files,
    coalesce(late.late_files, 0) / nullif(uploads.files, 0) as late_share
from uploads
left join late on late.month = uploads.month
order by uploads.month
