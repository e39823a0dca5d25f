/*
question = "On a release's first day, how long did installers get an sdist, or another wheel, though a better wheel was still to come?"
grain = "one row for what was picked meanwhile: an sdist, another wheel, and either"
order = "sdist, wheel, either"
source = "day_picks and day_candidates"
caveat = "Counts pairs of a release and an environment in which a wheel is picked when the release is 24 hours old: a draft that is published as a whole would have spared them the wait. Environments are those of today unless others are asked for; yanks are those of today."
uses = ["day_picks", "day_candidates", "is_asked"]
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
median_us = { type = "BIGINT", unit = "microseconds", meaning = "half of the waits took no longer in all" }
p90_us = { type = "BIGINT", unit = "microseconds", meaning = "nine of ten took no longer" }
p99_us = { type = "BIGINT", unit = "microseconds", meaning = "ninety-nine of a hundred took no longer" }
*/
with told as (select release_numbers, unnest(histories) as history from day_picks),

chosen as (
    select
        told.release_numbers,
        told.history.places as places,
        if(environment.environment is null, length(told.history.environment_numbers), 1) as environment_count
    from told
    left join environments as environment on environment.environment = $environment::varchar
    where
        is_asked(null, told.history.era, $environment::varchar)
        or list_contains(told.history.environment_numbers, environment.environment_number)
),

histories as materialized (
    select row_number() over () as history_number, unnest(release_numbers) as release_number, places, environment_count
    from chosen
),

placed as materialized (select release_number, place, is_wheel, lag_us from day_candidates),

ended as materialized (
    select histories.history_number, histories.release_number, histories.environment_count
    from histories
    join placed as final
        on final.release_number = histories.release_number and final.place = histories.places[-1]
    where final.is_wheel
),

steps as (
    select
        history_number,
        release_number,
        unnest(places[:-2]) as place,
        unnest(places[2:]) as next_place
    from histories
),

-- One join at a time: by release alone, the files of a release meet each other.
begun as materialized (
    select steps.history_number, steps.release_number, steps.next_place, got.is_wheel, got.lag_us
    from steps
    join placed as got on got.release_number = steps.release_number and got.place = steps.place
),

gaps as materialized (
    select begun.history_number, begun.release_number, begun.is_wheel, following.lag_us - begun.lag_us as gap_us
    from begun
    join placed as following
        on following.release_number = begun.release_number and following.place = begun.next_place
),

waits as (
    select
        ended.release_number,
        ended.environment_count,
        sum(if(gaps.is_wheel, 0, gaps.gap_us))::bigint as sdist_us,
        sum(if(gaps.is_wheel, gaps.gap_us, 0))::bigint as wheel_us
    from gaps
    join ended using (history_number, release_number)
    group by gaps.history_number, ended.release_number, ended.environment_count
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
    select coalesce(sum(environment_count), 0)::bigint as pair_count, count(distinct release_number) as all_release_count
    from ended
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
