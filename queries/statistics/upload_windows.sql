/*
question = "How long does a normal release take to complete, how long does it have only an sdist, and how many releases grew after their first day?"
grain = "one row for each range of numbers of files, and one for all"
order = "fewest files first, all releases last"
source = "release_growth"
caveat = "The medians are of the files within 24 hours of the first; what came after them is counted in grew_ columns, each release once, by its last file. Releases with one file are complete at once and are left out of the row for all."
uses = ["release_growth", "days"]
in_table = ["from_file_count", "to_file_count", "releases", "median_us", "p90_us", "p99_us", "sdist_first_share", "sdist_only_median_us", "grew_later_share"]

[columns]
from_file_count = { type = "INTEGER", unit = "count", meaning = "releases with at least this many files on their first day" }
to_file_count = { type = "INTEGER", unit = "count", meaning = "and at most this many; null: no limit" }
releases = { type = "BIGINT", meaning = "such releases" }
median_us = { type = "BIGINT", unit = "microseconds", meaning = "first to last file of the first day: half of the releases took no longer" }
p90_us = { type = "BIGINT", unit = "microseconds", meaning = "nine of ten took no longer" }
p99_us = { type = "BIGINT", unit = "microseconds", meaning = "ninety-nine of a hundred took no longer" }
both_release_count = { type = "BIGINT", unit = "count", meaning = "of these, releases with an sdist and a wheel on their first day: the denominator" }
sdist_first_release_count = { type = "BIGINT", unit = "count", meaning = "of both_release_count, those whose first sdist came before every wheel" }
wheel_first_release_count = { type = "BIGINT", unit = "count", meaning = "of both_release_count, those whose first wheel came before every sdist; at the same microsecond: neither" }
sdist_first_share = { type = "DOUBLE", unit = "share", meaning = "sdist_first_release_count / both_release_count" }
sdist_only_median_us = { type = "BIGINT", unit = "microseconds", meaning = "of sdist_first_release_count, from the sdist to the first wheel: half waited no longer" }
sdist_only_p90_us = { type = "BIGINT", unit = "microseconds", meaning = "the same: nine of ten waited no longer" }
grew_later_release_count = { type = "BIGINT", unit = "count", meaning = "releases whose last file came more than 24 hours after the first" }
grew_later_share = { type = "DOUBLE", unit = "share", meaning = "grew_later_release_count / releases" }
grew_to_48h_release_count = { type = "BIGINT", unit = "count", meaning = "of these, the last file came more than 24 and at most 48 hours after the first" }
grew_to_48h_share = { type = "DOUBLE", unit = "share", meaning = "grew_to_48h_release_count / releases" }
grew_to_72h_release_count = { type = "BIGINT", unit = "count", meaning = "more than 48 and at most 72 hours" }
grew_to_72h_share = { type = "DOUBLE", unit = "share", meaning = "grew_to_72h_release_count / releases" }
grew_to_7d_release_count = { type = "BIGINT", unit = "count", meaning = "more than 3 and at most 7 days" }
grew_to_7d_share = { type = "DOUBLE", unit = "share", meaning = "grew_to_7d_release_count / releases" }
grew_to_14d_release_count = { type = "BIGINT", unit = "count", meaning = "more than 7 and at most 14 days" }
grew_to_14d_share = { type = "DOUBLE", unit = "share", meaning = "grew_to_14d_release_count / releases" }
grew_beyond_14d_release_count = { type = "BIGINT", unit = "count", meaning = "more than 14 days" }
grew_beyond_14d_share = { type = "DOUBLE", unit = "share", meaning = "grew_beyond_14d_release_count / releases" }
*/
with ranges as (
    from (values
        (1, 1, 1, false), (2, 2, 2, false), (3, 3, 5, false), (4, 6, 20, false), (5, 21, 50, false), (6, 51, null, false), (7, 2, null, true)
    ) as known (place, from_file_count, to_file_count, is_all)
),

-- Few counts are compared with the ranges, however many releases there are.
sizes as (
    select ranges.*, size.day_file_count
    from ranges
    left join (select distinct day_file_count from release_growth) as size
        on size.day_file_count >= ranges.from_file_count
        and (ranges.to_file_count is null or size.day_file_count <= ranges.to_file_count)
)

select
    ranges.from_file_count,
    ranges.to_file_count,
    count(release.release_number) as releases,
    quantile_disc(release.complete_us, 0.5) as median_us,
    quantile_disc(release.complete_us, 0.9) as p90_us,
    quantile_disc(release.complete_us, 0.99) as p99_us,
    count(*) filter (release.sdist_us is not null and release.wheel_us is not null) as both_release_count,
    count(*) filter (release.sdist_us < release.wheel_us) as sdist_first_release_count,
    count(*) filter (release.wheel_us < release.sdist_us) as wheel_first_release_count,
    sdist_first_release_count / nullif(both_release_count, 0) as sdist_first_share,
    quantile_disc(release.wheel_us - release.sdist_us, 0.5) filter (release.sdist_us < release.wheel_us) as sdist_only_median_us,
    quantile_disc(release.wheel_us - release.sdist_us, 0.9) filter (release.sdist_us < release.wheel_us) as sdist_only_p90_us,
    count(*) filter (release.open_us > days(1)) as grew_later_release_count,
    grew_later_release_count / nullif(releases, 0) as grew_later_share,
    count(*) filter (release.open_us > days(1) and release.open_us <= days(2)) as grew_to_48h_release_count,
    grew_to_48h_release_count / nullif(releases, 0) as grew_to_48h_share,
    count(*) filter (release.open_us > days(2) and release.open_us <= days(3)) as grew_to_72h_release_count,
    grew_to_72h_release_count / nullif(releases, 0) as grew_to_72h_share,
    count(*) filter (release.open_us > days(3) and release.open_us <= days(7)) as grew_to_7d_release_count,
    grew_to_7d_release_count / nullif(releases, 0) as grew_to_7d_share,
    count(*) filter (release.open_us > days(7) and release.open_us <= days(14)) as grew_to_14d_release_count,
    grew_to_14d_release_count / nullif(releases, 0) as grew_to_14d_share,
    count(*) filter (release.open_us > days(14)) as grew_beyond_14d_release_count,
    grew_beyond_14d_release_count / nullif(releases, 0) as grew_beyond_14d_share
from sizes as ranges
left join release_growth as release using (day_file_count)
group by ranges.place, ranges.from_file_count, ranges.to_file_count
order by ranges.place
