/*
question = "Has every late file one reason, and do the counts per reason, year, range and rule add up to the same total?"
grain = "one row for each count that differs"
order = "count"
source = "file_lags, late_reasons, grown_files, policy_refusals and release_history"
caveat = "At the window of 14 days. Guards the relations that the statistics share against the definition of lag."
uses = ["file_lags", "late_reasons", "grown_files", "policy_refusals", "release_history"]

[columns]
counted = { type = "VARCHAR", meaning = "what was counted" }
told_count = { type = "HUGEINT", unit = "count", meaning = "what it gives" }
late_file_count = { type = "BIGINT", unit = "count", meaning = "late files by lag alone; for first and later files: timed files" }
*/
with lags as (
    select
        count(*) filter (lag_us > 1209600000000) as late_file_count,
        count(lag_us) as timed_file_count,
        count(*) filter (lag_us > 0) as later_file_count
    from file_lags
),

counts as (
    select 'files with a known reason' as counted, count(*)::hugeint as told_count, (select late_file_count from lags) as late_file_count
    from late_reasons(1209600000000)
    where reason in ('legacy-format', 'sdist', 'first-wheel', 'rebuild', 'new-python', 'new-platform', 'fill-in', 'overlap')
    union all
    select 'files by reason', count(distinct filename), (select late_file_count from lags)
    from late_reasons(1209600000000)
    union all
    select 'files of releases open for more than an hour', count(*), (select late_file_count from lags)
    from grown_files
    where lag_us > 1209600000000
    union all
    select 'files by rule after-first 14d', coalesce(sum(file_count), 0), (select late_file_count from lags)
    from policy_refusals
    where policy_number = 1 and window_us = 1209600000000
    union all
    select 'timed files by release', coalesce(sum(timed_file_count), 0), (select timed_file_count from lags)
    from release_history
    union all
    select 'later files by release', coalesce(sum(later_file_count), 0), (select later_file_count from lags)
    from release_history
)

select counted, told_count, late_file_count
from counts
where told_count != late_file_count
order by counted
