/*
question = "Since PyPI refuses files for releases older than 14 days, is there any file later than that?"
grain = "one row for each month (UTC) from two years before the rule on"
order = "month"
source = "files.parquet and grown_files"
caveat = "PyPI tests when the release was created, which no API shows: where first files were deleted we see less lag, never more. Other indexes have no such rule."
uses = ["grown_files"]

[columns]
month = { type = "VARCHAR", meaning = "month of upload, UTC, such as 2026-07" }
is_enforced = { type = "BOOLEAN", meaning = "the whole month lies after the rule, which is counted from 2026-07-11 on" }
files = { type = "BIGINT", meaning = "files uploaded in the month: the denominator" }
late_files = { type = "BIGINT", meaning = "those more than 14 days after the first of their release" }
refused_by_rule_files = { type = "BIGINT", meaning = "late files uploaded after 2026-07-10 (UTC): must be none on PyPI" }
late_share = { type = "DOUBLE", unit = "share", meaning = "late_files / files" }
*/
-- The month of a time without a zone, which is UTC here, is found much sooner.
with uploads as (
    select strftime(make_timestamp(epoch_us(uploaded_at)), '%Y-%m') as month, count(*) as files
    from files
    where uploaded_at >= timestamptz '2024-07-01 00:00:00+00'
    group by all
),

late as (
    select
        strftime(uploaded_at, '%Y-%m') as month,
        count(*) as late_files,
        count(*) filter (uploaded_at >= timestamptz '2026-07-11 00:00:00+00') as refused_by_rule_files
    from grown_files
    where lag_us > 14::bigint * 86400000000
    group by all
)

select
    month,
    month > '2026-07' as is_enforced,
    uploads.files,
    coalesce(late.late_files, 0) as late_files,
    coalesce(late.refused_by_rule_files, 0) as refused_by_rule_files,
    coalesce(late.late_files, 0) / uploads.files as late_share
from uploads
left join late using (month)
order by month
