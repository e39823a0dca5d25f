/*
question = "How long after its first file did each release get its last one?"
grain = "one row for each range of time after the first file"
order = "ascending"
source = "release_history, rule_windows and young_releases"
caveat = "A release with one file is complete at once; the several_ columns leave those out. A release can still grow if the index allows it: young_release_count says how many may still move to a later row. Of a release's deleted files only the first upload can count: the others are not seen."
uses = ["release_history", "hours", "rule_windows", "young_releases"]
in_table = ["within", "releases", "release_share", "cumulative_share", "several_release_count", "several_share", "several_cumulative_share"]

[columns]
within = { type = "VARCHAR", meaning = "the last file came at most this long after the first, and not within the row before; more: later than all rows before" }
releases = { type = "BIGINT", meaning = "such releases" }
release_share = { type = "DOUBLE", unit = "share", meaning = "releases / all_release_count" }
cumulative_release_count = { type = "BIGINT", unit = "count", meaning = "releases of this row and of those before" }
cumulative_share = { type = "DOUBLE", unit = "share", meaning = "cumulative_release_count / all_release_count" }
all_release_count = { type = "BIGINT", unit = "count", meaning = "releases with a timed file: the denominator" }
several_release_count = { type = "BIGINT", unit = "count", meaning = "of releases, those with more than one timed file" }
several_share = { type = "DOUBLE", unit = "share", meaning = "several_release_count / all_several_release_count" }
several_cumulative_release_count = { type = "BIGINT", unit = "count", meaning = "several_release_count of this row and of those before" }
several_cumulative_share = { type = "DOUBLE", unit = "share", meaning = "several_cumulative_release_count / all_several_release_count" }
all_several_release_count = { type = "BIGINT", unit = "count", meaning = "releases with more than one timed file: the denominator" }
young_release_count = { type = "BIGINT", unit = "count", meaning = "releases first uploaded at most this long before the dataset was last brought up to date; null: the last row" }
*/
with ranges as (
    select window_name as within, window_us, lag(window_us, 1, 0) over (order by window_us) as before_us
    from rule_windows
    union all
    select 'more', null, max(window_us)
    from rule_windows
),

-- Windows are whole hours: so few groups are compared, however many releases there are.
grown as (
    select
        (open_us - 1) // hours(1) * hours(1) as whole_us,
        timed_file_count > 1 as has_several,
        count(*) as releases
    from release_history
    group by all
),

placed as (
    select ranges.within, grown.has_several, sum(grown.releases) as releases
    from grown
    join ranges
        on grown.whole_us >= ranges.before_us
        and (ranges.window_us is null or grown.whole_us < ranges.window_us)
    group by all
),

counted as (
    select
        ranges.within,
        ranges.window_us,
        coalesce(sum(placed.releases), 0)::bigint as releases,
        coalesce(sum(placed.releases) filter (placed.has_several), 0)::bigint as several_release_count
    from ranges
    left join placed using (within)
    group by ranges.within, ranges.window_us
),

summed as (
    select
        *,
        sum(releases) over so_far::bigint as cumulative_release_count,
        sum(several_release_count) over so_far::bigint as several_cumulative_release_count,
        sum(releases) over ()::bigint as all_release_count,
        sum(several_release_count) over ()::bigint as all_several_release_count
    from counted
    window so_far as (order by window_us nulls last)
)

select
    summed.within,
    summed.releases,
    summed.releases / nullif(summed.all_release_count, 0) as release_share,
    summed.cumulative_release_count,
    summed.cumulative_release_count / nullif(summed.all_release_count, 0) as cumulative_share,
    summed.all_release_count,
    summed.several_release_count,
    summed.several_release_count / nullif(summed.all_several_release_count, 0) as several_share,
    summed.several_cumulative_release_count,
    summed.several_cumulative_release_count / nullif(summed.all_several_release_count, 0) as several_cumulative_share,
    summed.all_several_release_count,
    if(summed.window_us is null, null, coalesce(young.young_release_count, 0)) as young_release_count
from summed
left join young_releases as young using (window_us)
order by summed.window_us nulls last
