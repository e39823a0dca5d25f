/*
question = "Has any file come more than 14 days after the first of its release since PyPI began to refuse such files?"
grain = "one row for each month (UTC) beginning two years before the rule"
order = "newest month first"
source = "files.parquet, grown_files, pypi_rule and known_until"
caveat = "PyPI tests when the release was created, which no API shows: where first files were deleted we see less lag, never more. The rule is counted from its merge on; PyPI put it in force some time after that. Other indexes have no such rule."
uses = ["grown_files", "pypi_rule", "known_until", "utc"]

[columns]
month = { type = "VARCHAR", meaning = "month of upload, UTC, such as 2026-07" }
is_whole = { type = "BOOLEAN", meaning = "the month was over when the dataset was last brought up to date; false: so far" }
known_until_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "of a month that is not over: up to when its uploads are known; null: it is over" }
is_enforced = { type = "BOOLEAN", meaning = "the month began after the rule was merged" }
files = { type = "BIGINT", meaning = "files uploaded in the month: the denominator" }
late_files = { type = "BIGINT", meaning = "those more than 14 days after the first of their release" }
refused_by_rule_file_count = { type = "BIGINT", unit = "count", meaning = "late files uploaded after the rule was merged (see pypi_rule): after its first days there should be none on PyPI" }
late_share = { type = "DOUBLE", unit = "share", meaning = "late_files / files" }
*/
with uploads as (
    select date_trunc('month', utc(uploaded_at))::timestamp as began_at, count(*) as files
    from files
    where utc(uploaded_at) >= (select date_trunc('month', utc(merged_at)) - interval 2 years from pypi_rule)
    group by all
),

late as (
    select
        date_trunc('month', utc(uploaded_at))::timestamp as began_at,
        count(*) as late_files,
        count(*) filter (uploaded_at > rule.merged_at) as refused_by_rule_file_count
    from grown_files
    cross join pypi_rule as rule
    where lag_us > rule.window_us
    group by all
),

months as (
    select
        uploads.began_at,
        uploads.files,
        until.known_until_at,
        coalesce(utc(until.known_until_at) >= uploads.began_at + interval 1 month, false) as is_whole
    from uploads
    cross join known_until as until
)

select
    strftime(months.began_at, '%Y-%m') as month,
    months.is_whole,
    if(months.is_whole, null, months.known_until_at) as known_until_at,
    months.began_at > utc(rule.merged_at) as is_enforced,
    months.files,
    coalesce(late.late_files, 0) as late_files,
    coalesce(late.refused_by_rule_file_count, 0) as refused_by_rule_file_count,
    coalesce(late.late_files, 0) / months.files as late_share
from months
cross join pypi_rule as rule
left join late using (began_at)
order by months.began_at desc
