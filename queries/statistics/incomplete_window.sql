/*
question = "On a release's first day, how long did installers get an sdist or another wheel, before a better wheel came?"
grain = "one row for what was picked meanwhile: an sdist, another wheel, and either"
order = "sdist, wheel, either"
source = "day_picks and candidates"
caveat = "Counts pairs of a release and an environment in which a wheel is picked when the release is 24 hours old. Nobody would have waited if all files had been published at once. Environments are those of today unless others are asked for; a file counts as yanked if it is yanked now."
uses = ["day_picks", "days", "is_asked", "candidates"]
in_table = ["picked", "wait_count", "wait_share", "releases", "release_share", "median_us", "p90_us", "p99_us"]

[parameters]
environment = { type = "VARCHAR", default = "today", meaning = "which environments: today, past, all (both), or the name of one" }

[columns]
picked = { type = "VARCHAR", meaning = "what was picked before the last wheel: sdist, wheel or either" }
wait_count = { type = "BIGINT", unit = "count", meaning = "pairs of a release and an environment that got such a file for a while" }
wait_share = { type = "DOUBLE", unit = "share", meaning = "wait_count / pair_count" }
pair_count = { type = "BIGINT", unit = "count", meaning = "pairs of a release of more than one file and an environment in which its first day ends with a wheel: the denominator" }
releases = { type = "BIGINT", meaning = "releases with such a wait in any environment" }
release_share = { type = "DOUBLE", unit = "share", meaning = "releases / all_release_count" }
all_release_count = { type = "BIGINT", unit = "count", meaning = "releases in the pairs: the denominator" }
median_us = { type = "BIGINT", unit = "microseconds", meaning = "half of the waits were at most this long" }
p90_us = { type = "BIGINT", unit = "microseconds", meaning = "nine of ten waits were at most this long" }
p99_us = { type = "BIGINT", unit = "microseconds", meaning = "ninety-nine of a hundred waits were at most this long" }
*/
with seen as (select release_numbers, wheels, unnest(histories) as history from day_picks),

chosen as (
    select
        seen.release_numbers,
        seen.wheels,
        seen.history.places as places,
        if(environment.environment is null, length(seen.history.environment_numbers), 1) as environment_count
    from seen
    left join environments as environment on environment.environment = $environment::varchar
    where
        is_asked(null, seen.history.era, $environment::varchar)
        or list_contains(seen.history.environment_numbers, environment.environment_number)
),

ended as materialized (
    select *
    from chosen
    where wheels[places[-1]]
),

waiting as materialized (
    select unnest(release_numbers) as release_number, wheels, places, environment_count
    from ended
    where length(places) > 1
),

-- Candidates are numbered in the order of their uploads, so a place of day_picks is a place in the sorted lags.
opened as (
    select release_number, list_sort(list(lag_us)) as lags_us
    from candidates
    semi join waiting using (release_number)
    where lag_us <= days(1)
    group by release_number
),

steps as (
    select
        waiting.release_number,
        waiting.environment_count,
        [
            {
                'is_wheel': waiting.wheels[waiting.places[each]],
                'gap_us': opened.lags_us[waiting.places[each + 1]] - opened.lags_us[waiting.places[each]]
            }
            for each in range(1, length(waiting.places))
        ] as gaps
    from waiting
    join opened using (release_number)
),

waits as (
    select
        release_number,
        environment_count,
        list_sum([if(gap.is_wheel, 0, gap.gap_us) for gap in gaps])::bigint as sdist_us,
        list_sum([if(gap.is_wheel, gap.gap_us, 0) for gap in gaps])::bigint as wheel_us
    from steps
),

kinds as (
    select
        release_number,
        environment_count,
        unnest([
            (1, 'sdist', sdist_us), (2, 'wheel', wheel_us), (3, 'either', sdist_us + wheel_us)
        ]::struct(position integer, picked varchar, wait_us bigint)[], recursive := true)
    from waits
),

-- A history stands for many environments: their waits are equal, so that they are counted by weight.
weighed as (
    select
        position,
        wait_us,
        sum(environment_count) as weight,
        sum(sum(environment_count)) over (partition by position order by wait_us) as weight_so_far,
        sum(sum(environment_count)) over (partition by position) as weight_in_all
    from kinds
    where wait_us > 0
    group by position, wait_us
),

spread as (
    select
        position,
        any_value(weight_in_all)::bigint as wait_count,
        min(wait_us) filter (weight_so_far >= 0.5 * weight_in_all) as median_us,
        min(wait_us) filter (weight_so_far >= 0.9 * weight_in_all) as p90_us,
        min(wait_us) filter (weight_so_far >= 0.99 * weight_in_all) as p99_us
    from weighed
    group by position
),

waited as (
    select position, count(distinct release_number) as releases
    from kinds
    where wait_us > 0
    group by position
),

in_all as (
    select coalesce(sum(pair_count), 0)::bigint as pair_count, coalesce(sum(release_count), 0)::bigint as all_release_count
    from (
        select
            sum(environment_count * length(release_numbers)) as pair_count,
            any_value(length(release_numbers)) as release_count
        from ended
        group by release_numbers[1]
    )
),

known as (from (values (1, 'sdist'), (2, 'wheel'), (3, 'either')) as known (position, picked))

select
    known.picked,
    coalesce(spread.wait_count, 0) as wait_count,
    coalesce(spread.wait_count, 0) / nullif(in_all.pair_count, 0) as wait_share,
    in_all.pair_count,
    coalesce(waited.releases, 0) as releases,
    coalesce(waited.releases, 0) / nullif(in_all.all_release_count, 0) as release_share,
    in_all.all_release_count,
    spread.median_us,
    spread.p90_us,
    spread.p99_us
from known
cross join in_all
left join spread using (position)
left join waited using (position)
order by known.position
