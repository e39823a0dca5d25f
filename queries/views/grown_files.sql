/*
question = "What did each file bring to its release, and since when was it there?"
grain = "one row for each timed file of the releases that were open for longer than the least lag, or that grew though a greater stable release was there"
order = "none: it is a relation to query"
source = "file_lags, release_history, wheel_platforms, wheel_pythons"
caveat = "Without another least lag, no proposed rule refuses a file of any other release: the shortest window is an hour. Knows nothing of the window: a reason compares these lags with the one at which a batch of late files begins."
is_shared = true
uses = ["file_lags", "release_history", "wheel_platforms", "wheel_pythons"]

[parameters]
least_lag_us = { type = "INTEGER", default = 3600000000, minimum = 0, unit = "microseconds", meaning = "no file with at most this lag is asked for" }

[columns]
release_number = { type = "BIGINT", meaning = "stands for project and version in joins" }
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the file" }
kind = { type = "VARCHAR", meaning = "sdist, wheel, egg, wininst, msi, rpm, dmg, dumb; null: not told" }
uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when the file was uploaded" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release" }
build = { type = "VARCHAR", meaning = "build tag of a wheel; null: none" }
python_tag = { type = "VARCHAR", meaning = "a wheel's interpreter tags; null: no wheel" }
abi_tag = { type = "VARCHAR", meaning = "a wheel's ABI tags; null: no wheel" }
platform_tag = { type = "VARCHAR", meaning = "a wheel's platform tags; null: no wheel" }
has_provenance = { type = "BOOLEAN", meaning = "has an attestation; null: not told" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of the release" }
is_superseded = { type = "BOOLEAN", meaning = "a greater stable release came after this one's first upload and strictly before this file" }
is_superseded_by_any = { type = "BOOLEAN", meaning = "a greater stable release came strictly before this file, which is not the release's first" }
is_out_of_order = { type = "BOOLEAN", meaning = "the release is final and came more than 24 hours after a greater final one of its series" }
widest_gap_us = { type = "BIGINT", unit = "microseconds", meaning = "widest gap between neighbours up to this file" }
widest_superseded_gap_us = { type = "BIGINT", unit = "microseconds", meaning = "widest gap before a superseded file up to this one; null: it is not superseded" }
number_from_end = { type = "BIGINT", meaning = "1 for the release's last file" }
cluster_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the first file since which no gap was longer than 24 hours" }
wheel_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the release's first wheel; null: none" }
unproven_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the release's first file not known to have an attestation; null: all have" }
same_tags_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the first wheel with the same tags, whatever its build tag; null: no wheel" }
has_base = { type = "BOOLEAN", meaning = "a wheel of the release has the same tags and no build tag; null: no wheel" }
python_us = { type = "BIGINT", unit = "microseconds", meaning = "lag at which the last of its interpreters with ABI was served first; null: no wheel" }
platform_us = { type = "BIGINT", unit = "microseconds", meaning = "lag at which the last of its platforms was served first; null: no wheel" }
pair_us = { type = "BIGINT", unit = "microseconds", meaning = "lag at which the last of its pairs of interpreter and platform was served first; null: no wheel" }
*/
with opened as materialized (
    select * exclude (last_uploaded_at, version_key, is_prerelease)
    from release_history
    where open_us > $least_lag_us or last_uploaded_at > superseded_by_any_at
),

-- Small numbers stand for sets of tags: they compare faster than text.
pythons as materialized (
    select
        python_tag,
        abi_tag,
        dense_rank() over (order by python_tag, abi_tag)::integer as tags_number,
        dense_rank() over (order by interpreter, abi)::integer as python_number
    from wheel_pythons
),

platforms as materialized (
    select
        platform_tag,
        dense_rank() over (order by platform_tag)::integer as platforms_number,
        dense_rank() over (order by platform)::integer as platform_number
    from wheel_platforms
),

tag_sets as materialized (select distinct python_tag, abi_tag, tags_number from pythons),

platform_sets as materialized (select distinct platform_tag, platforms_number from platforms),

ordered as materialized (
    select
        opened.release_number,
        file.project,
        file.version,
        file.filename,
        file.kind,
        file.uploaded_at,
        file.lag_us,
        file.build,
        file.python_tag,
        file.abi_tag,
        file.platform_tag,
        file.has_provenance,
        opened.first_uploaded_at,
        coalesce(file.uploaded_at > opened.superseded_at, false) as is_superseded,
        coalesce(file.uploaded_at > opened.superseded_by_any_at, false) as is_after_a_greater_one,
        opened.is_out_of_order,
        tag_sets.tags_number,
        platform_sets.platforms_number,
        lag(file.lag_us) over in_order as lag_before_us,
        count(*) over whole - row_number() over in_order + 1 as number_from_end,
        min(file.lag_us) filter (file.kind = 'wheel') over whole as wheel_us,
        min(file.lag_us) filter (file.has_provenance is not true) over whole as unproven_us
    from opened
    join file_lags as file on file.project = opened.project and file.version = opened.version
    left join tag_sets on tag_sets.python_tag = file.python_tag and tag_sets.abi_tag = file.abi_tag
    left join platform_sets on platform_sets.platform_tag = file.platform_tag
    where file.lag_us is not null
    window
        in_order as (partition by opened.release_number order by file.lag_us, file.filename),
        whole as (
            partition by opened.release_number order by file.lag_us, file.filename
            rows between unbounded preceding and unbounded following
        )
),

same_tags as materialized (
    select
        release_number,
        tags_number,
        platforms_number,
        min(lag_us) as same_tags_us,
        bool_or(build is null) as has_base
    from ordered
    where tags_number is not null
    group by release_number, tags_number, platforms_number
),

-- Each tag by itself: when did the release serve it first?
served as materialized (
    select
        release_number,
        tags_number,
        platforms_number,
        pythons.python_number,
        platforms.platform_number,
        same_tags_us as served_us
    from same_tags
    join pythons using (tags_number)
    join platforms using (platforms_number)
),

first_pythons as (
    select release_number, python_number, min(served_us) as python_us
    from served
    group by release_number, python_number
),

first_platforms as (
    select release_number, platform_number, min(served_us) as platform_us
    from served
    group by release_number, platform_number
),

first_pairs as (
    select release_number, python_number, platform_number, min(served_us) as pair_us
    from served
    group by release_number, python_number, platform_number
),

known as (
    select
        release_number,
        tags_number,
        platforms_number,
        max(python_us) as python_us,
        max(platform_us) as platform_us,
        max(pair_us) as pair_us
    from served
    join first_pythons using (release_number, python_number)
    join first_platforms using (release_number, platform_number)
    join first_pairs using (release_number, python_number, platform_number)
    group by release_number, tags_number, platforms_number
)

select
    file.release_number,
    file.project,
    file.version,
    file.filename,
    file.kind,
    file.uploaded_at,
    file.lag_us,
    file.build,
    file.python_tag,
    file.abi_tag,
    file.platform_tag,
    file.has_provenance,
    file.first_uploaded_at,
    file.is_superseded,
    file.is_after_a_greater_one and file.lag_before_us is not null as is_superseded_by_any,
    file.is_out_of_order,
    max(coalesce(file.lag_us - file.lag_before_us, 0)) over so_far as widest_gap_us,
    max(if(file.is_superseded, file.lag_us - file.lag_before_us, null)) over so_far as widest_superseded_gap_us,
    file.number_from_end,
    max(if(coalesce(file.lag_us - file.lag_before_us > 86400000000, true), file.lag_us, null)) over so_far as cluster_us,
    file.wheel_us,
    file.unproven_us,
    same_tags.same_tags_us,
    same_tags.has_base,
    known.python_us,
    known.platform_us,
    known.pair_us
from ordered as file
left join same_tags
    on same_tags.release_number = file.release_number
    and same_tags.tags_number = file.tags_number
    and same_tags.platforms_number = file.platforms_number
left join known
    on known.release_number = file.release_number
    and known.tags_number = file.tags_number
    and known.platforms_number = file.platforms_number
window so_far as (
    partition by file.release_number order by file.lag_us, file.filename
    rows between unbounded preceding and current row
)
