/*
question = "By when had each release its last file?"
grain = "one row for each range of time after the first file"
order = "ascending"
source = "release_history and known_until"
caveat = "A release with one file is complete at once; the several_ columns leave those out. A release can still grow, where the index allows it: young_releases are those that may yet leave the rows up to this one. Of deleted files at most the first upload is counted from: no other is seen."
uses = ["release_history", "known_until"]
in_table = ["within", "releases", "release_share", "cumulative_share", "several_releases", "several_share", "several_cumulative_share"]

[columns]
within = { type = "VARCHAR", meaning = "the last file came at most so long after the first, and longer than the row before says; more: later still" }
releases = { type = "BIGINT", meaning = "such releases" }
release_share = { type = "DOUBLE", unit = "share", meaning = "releases / all_releases" }
cumulative_releases = { type = "BIGINT", meaning = "releases of this row and of those before" }
cumulative_share = { type = "DOUBLE", unit = "share", meaning = "cumulative_releases / all_releases" }
all_releases = { type = "BIGINT", meaning = "releases with a timed file: the denominator" }
several_releases = { type = "BIGINT", meaning = "of releases, those with more than one timed file" }
several_share = { type = "DOUBLE", unit = "share", meaning = "several_releases / all_several_releases" }
several_cumulative_releases = { type = "BIGINT", meaning = "several_releases of this row and of those before" }
several_cumulative_share = { type = "DOUBLE", unit = "share", meaning = "several_cumulative_releases / all_several_releases" }
all_several_releases = { type = "BIGINT", meaning = "releases with more than one timed file: the denominator" }
young_releases = { type = "BIGINT", meaning = "releases first uploaded at most so long before the dataset was last brought up to date; null: the last row" }
*/
with ranges as (
    from (values
        ('1h', 1), ('24h', 24), ('48h', 48), ('72h', 72), ('7d', 168), ('14d', 336), ('30d', 720), ('90d', 2160), ('365d', 8760), ('more', null)
    ) as known (within, hours)
),

-- The least of the ranges that holds a time; null: none does.
placed as (
    select
        list_min(list_filter(
            [1, 24, 48, 72, 168, 336, 720, 2160, 8760], lambda hours: open_us <= hours::bigint * 3600000000
        )) as hours,
        timed_file_count > 1 as has_several,
        count(*) as releases
    from release_history
    group by all
),

ages as (
    select epoch_us(until.known_until_at) - epoch_us(release.first_uploaded_at) as age_us
    from release_history as release
    cross join known_until as until
),

young as (
    select ranges.hours, count(ages.age_us) as young_releases
    from ranges
    left join ages on ages.age_us <= ranges.hours::bigint * 3600000000
    where ranges.hours is not null
    group by ranges.hours
),

counted as (
    select
        ranges.within,
        ranges.hours,
        coalesce(sum(placed.releases), 0)::bigint as releases,
        coalesce(sum(placed.releases) filter (placed.has_several), 0)::bigint as several_releases
    from ranges
    left join placed on placed.hours is not distinct from ranges.hours
    group by ranges.within, ranges.hours
),

summed as (
    select
        *,
        sum(releases) over so_far::bigint as cumulative_releases,
        sum(several_releases) over so_far::bigint as several_cumulative_releases,
        sum(releases) over ()::bigint as all_releases,
        sum(several_releases) over ()::bigint as all_several_releases
    from counted
    window so_far as (order by hours nulls last)
)

select
    summed.within,
    summed.releases,
    summed.releases / nullif(summed.all_releases, 0) as release_share,
    summed.cumulative_releases,
    summed.cumulative_releases / nullif(summed.all_releases, 0) as cumulative_share,
    summed.all_releases,
    summed.several_releases,
    summed.several_releases / nullif(summed.all_several_releases, 0) as several_share,
    summed.several_cumulative_releases,
    summed.several_cumulative_releases / nullif(summed.all_several_releases, 0) as several_cumulative_share,
    summed.all_several_releases,
    young.young_releases
from summed
left join young using (hours)
order by summed.hours nulls last
