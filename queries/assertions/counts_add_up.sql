/*
question = "Has every late file one reason, and do the counts per reason, year, range of lags and rule add up to those by lag alone?"
grain = "one row for each count that differs"
order = "count"
source = "file_lags, late_reasons, grown_files, release_lag_ranges, policy_refusals and release_history"
caveat = "The window is 14 days. Compares the relations that the statistics share with the definition of lag."
uses = ["file_lags", "late_reasons", "grown_files", "release_lag_ranges", "policy_refusals", "release_history", "days", "known_reasons", "lag_ranges", "utc"]

[columns]
counted = { type = "VARCHAR", meaning = "what was counted" }
shared_count = { type = "BIGINT", unit = "count", meaning = "what the shared relations give" }
lag_count = { type = "BIGINT", unit = "count", meaning = "the same by lag alone" }
*/
with whole as materialized (
    select
        year(utc(uploaded_at)) as year,
        case when lag_us > 0 then (lag_us - 1) // days(1) end as whole_days,
        count(*) as file_count
    from file_lags
    where lag_us is not null
    group by all
),

-- A lag of more than n days has n whole days and a rest: so few groups are compared, however many files.
ranged as materialized (
    select whole.year, lag_ranges.from_days, whole.file_count
    from whole
    left join lag_ranges
        on whole.whole_days >= lag_ranges.from_days
        and (lag_ranges.to_days is null or whole.whole_days < lag_ranges.to_days)
),

late as materialized (select file_number, reason from late_reasons(days(14))),

expected as (
    select unnest([
        'files with a reason', 'files with a known reason', 'files by reason', 'files by rule after-first 14d'
    ]) as counted, coalesce(sum(file_count), 0) as lag_count
    from ranged
    where from_days >= 14
    union all
    select 'timed files by release', coalesce(sum(file_count), 0) from ranged
    union all
    select 'later files by release', coalesce(sum(file_count), 0) from ranged where from_days is not null
    union all
    select 'late files of ' || year, sum(file_count) from ranged where from_days >= 14 group by year
    union all
    select 'files of the range from ' || from_days || ' days', sum(file_count) from ranged where from_days is not null group by from_days
),

shared as (
    select 'files with a reason' as counted, count(*) as shared_count from late
    union all
    select 'files with a known reason', count(*)
    from late
    where reason in (select reason from known_reasons)
    union all
    select 'files by reason', count(distinct file_number) from late
    union all
    select 'files by rule after-first 14d', sum(file_count)
    from policy_refusals
    where policy_number = 1 and window_us = days(14)
    union all
    select 'timed files by release', sum(timed_file_count) from release_history
    union all
    select 'later files by release', sum(later_file_count) from release_history
    union all
    select 'late files of ' || year(utc(uploaded_at)), count(*) from grown_files where lag_us > days(14) group by year(utc(uploaded_at))
    union all
    select 'files of the range from ' || from_days || ' days', sum(file_count) from release_lag_ranges group by from_days
)

select counted, coalesce(shared_count, 0)::bigint as shared_count, coalesce(lag_count, 0)::bigint as lag_count
from expected
full join shared using (counted)
where coalesce(shared_count, 0) != coalesce(lag_count, 0)
order by counted
