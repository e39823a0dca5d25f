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
-- Numbers of a month are compared faster than its text, which is written once for each.
with uploads as (
    select
        year(utc(uploaded_at)) as year,
        month(utc(uploaded_at)) as month,
        max(uploaded_at) as last_at,
        count(*) as files
    from files
    where uploaded_at is not null
    group by year(utc(uploaded_at)), month(utc(uploaded_at))
),

months as (select strftime(utc(last_at), '%Y-%m') as month, files from uploads),

late as (
    select strftime(utc(uploaded_at), '%Y-%m') as month, count(*) as late_files
    from grown_files
    where lag_us > days($window_days)
    group by strftime(utc(uploaded_at), '%Y-%m')
)

select
    months.month,
    months.files,
    coalesce(late.late_files, 0) as late_files,
    coalesce(late.late_files, 0) / nullif(months.files, 0) as late_share
from months
left join late on late.month = months.month
order by months.month
