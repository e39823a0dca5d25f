/*
question = "In how many releases do two wheels fit one environment at once, so that an installer has to choose?"
grain = "one row for all releases, one for each year of first upload"
order = "all, then years"
source = "file_lags, release_history, tag_ranks and the environments"
caveat = "By the tags of the wheels that are listed now: requires-python and yanks are left out. Environments are those of today unless others are asked for: wheels that overlap elsewhere are not seen. Overlaps are often intended, such as a wheel for newer systems beside one for all."
uses = ["file_lags", "release_history", "tag_ranks", "days", "is_asked", "utc"]
in_table = ["value", "wheel_release_count", "several_release_count", "overlap_release_count", "overlap_share", "overlap_project_count", "same_tags_release_count", "late_overlap_release_count"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag, for late_overlap_release_count; a file exactly this late is not late" }
environment = { type = "VARCHAR", default = "today", meaning = "which environments: today, past, all (both), or the name of one" }

[columns]
counted = { type = "VARCHAR", meaning = "all or year" }
value = { type = "VARCHAR", meaning = "all, or the year of the release's first upload, UTC" }
wheel_release_count = { type = "BIGINT", unit = "count", meaning = "releases with a wheel and a timed file" }
several_release_count = { type = "BIGINT", unit = "count", meaning = "of these, releases with more than one wheel: the denominator" }
several_project_count = { type = "BIGINT", unit = "count", meaning = "projects with such a release" }
overlap_release_count = { type = "BIGINT", unit = "count", meaning = "releases in which two wheels or more fit one environment" }
overlap_share = { type = "DOUBLE", unit = "share", meaning = "overlap_release_count / several_release_count" }
overlap_project_count = { type = "BIGINT", unit = "count", meaning = "projects with such a release" }
same_tags_release_count = { type = "BIGINT", unit = "count", meaning = "of overlap_release_count, those in which two such wheels have the same tags: they differ in the build number, or in how the name is written" }
late_overlap_release_count = { type = "BIGINT", unit = "count", meaning = "of overlap_release_count, those that late wheels made so: among their other wheels no two fit one environment" }
environment_count = { type = "BIGINT", unit = "count", meaning = "environments that were asked" }
*/
with chosen as (
    select environment_number
    from environments
    where is_asked(environment, era, $environment::varchar)
),

fits as materialized (
    select
        rank.environment_number,
        dense_rank() over (order by rank.python_tag, rank.abi_tag, rank.platform_tag)::integer as set_number,
        rank.python_tag,
        rank.abi_tag,
        rank.platform_tag
    from tag_ranks as rank
    semi join chosen using (environment_number)
),

built as materialized (
    select wheel.release_number, wheel.wheel_count, history.project_number, year(utc(history.first_uploaded_at))::varchar as first_year
    from (select release_number, count(*) as wheel_count from files where kind = 'wheel' group by release_number) as wheel
    join release_history as history using (release_number)
),

-- Many releases have wheels of the same tags, late or not: each such list is looked at once.
signatures as materialized (
    select row_number() over () as signature_number, items, list(release_number) as release_numbers
    from (
        -- One number for the tags of a wheel and whether it is late: numbers are sorted in a tenth of the time of structs.
        select
            file.release_number,
            list_sort(
                list(sets.set_number * 2 + coalesce(file.lag_us > days($window_days), false)::integer)
            ) as items
        from file_lags as file
        semi join (select release_number from built where wheel_count > 1) using (release_number)
        join (select distinct set_number, python_tag, abi_tag, platform_tag from fits) as sets using (python_tag, abi_tag, platform_tag)
        where file.kind = 'wheel'
        group by file.release_number
        having count(*) > 1
    )
    group by items
),

wheels as (
    select
        signature_number,
        item // 2 as set_number,
        count(*) as wheel_count,
        count(*) filter (item % 2 = 0) as prompt_count
    from (select signature_number, unnest(items) as item from signatures)
    group by signature_number, item // 2
),

served as (
    select
        wheels.signature_number,
        fits.environment_number,
        sum(wheels.wheel_count) as wheel_count,
        sum(wheels.prompt_count) as prompt_count,
        max(wheels.wheel_count) as most_of_a_set
    from wheels
    join fits using (set_number)
    group by wheels.signature_number, fits.environment_number
    having sum(wheels.wheel_count) > 1
),

overlapping as (
    select signature_number, max(prompt_count) <= 1 as is_by_late, max(most_of_a_set) > 1 as has_same_tags
    from served
    group by signature_number
),

joined as materialized (
    select built.*, overlap.is_by_late, overlap.has_same_tags
    from built
    left join (
        select unnest(signatures.release_numbers) as release_number, overlapping.is_by_late, overlapping.has_same_tags
        from overlapping
        join signatures using (signature_number)
    ) as overlap using (release_number)
),

counted as (
    select
        first_year,
        count(*) as wheel_release_count,
        count(*) filter (wheel_count > 1) as several_release_count,
        count(distinct project_number) filter (wheel_count > 1) as several_project_count,
        count(is_by_late) as overlap_release_count,
        count(distinct project_number) filter (is_by_late is not null) as overlap_project_count,
        count(*) filter (has_same_tags) as same_tags_release_count,
        count(*) filter (is_by_late) as late_overlap_release_count
    from joined
    group by grouping sets ((), (first_year))
)

select
    if(first_year is null, 'all', 'year') as counted,
    coalesce(first_year, 'all') as value,
    wheel_release_count,
    several_release_count,
    several_project_count,
    overlap_release_count,
    overlap_release_count / nullif(several_release_count, 0) as overlap_share,
    overlap_project_count,
    same_tags_release_count,
    late_overlap_release_count,
    (select count(*) from chosen) as environment_count
from counted
order by counted, value
