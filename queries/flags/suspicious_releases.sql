/*
question = "Which releases carry a sign that deserves a look?"
grain = "one row for each release with at least one sign"
order = "most signs first, then last upload first, then project and version"
source = "release_history, late_reasons, files.parquet and releases.parquet"
caveat = "A sign is a reason to look, not a verdict: wheels for old releases and replaced wheels carry them too (docs/signs.md). Deleted files are not seen; only the Index API gives attestations."
uses = ["release_history", "late_reasons", "days"]
in_table = ["project", "version", "why", "last_uploaded_at"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag, for the signs of late files: is_superseded and lost_provenance" }
project = { type = "VARCHAR", meaning = "only this project; null: all" }

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
sign_count = { type = "BIGINT", unit = "count", meaning = "how many of the four signs it has" }
is_superseded = { type = "BOOLEAN", meaning = "a late file came after a greater stable release that itself came after this one" }
has_build_tag_without_base = { type = "BOOLEAN", meaning = "a wheel, late or not, has a build tag, and no file of the release has the same tags without one" }
is_out_of_order = { type = "BOOLEAN", meaning = "final, and first uploaded more than 24 hours after a greater final version of its series" }
lost_provenance = { type = "BOOLEAN", meaning = "a late file has no attestation though every file before has" }
why = { type = "VARCHAR", meaning = "the signs in words" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of the release" }
last_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "last upload still visible" }
*/
-- A built wheel's tags, and whether the release has them without a build tag too. Few releases have one.
with tags as (
    select release_number, count(*) filter (build is not null) as built_count, bool_or(build is null) as has_base
    from files
    where python_tag is not null and release_number in (select release_number from files where build is not null)
    group by release_number, python_tag, abi_tag, platform_tag
    having built_count > 0
),

built as (
    select release_number, sum(built_count) as file_count
    from tags
    where not has_base
    group by release_number
),

late as (
    select
        release_number,
        count(*) filter (is_superseded) as superseded_count,
        count(*) filter (lost_provenance) as unproven_count
    from late_reasons(days($window_days))
    group by release_number
),

signs as (
    select
        release.*,
        coalesce(late.superseded_count, 0) as superseded_count,
        coalesce(late.unproven_count, 0) as unproven_count,
        coalesce(built.file_count, 0) as built_count
    from release_history as release
    left join late on late.release_number = release.release_number
    left join built on built.release_number = release.release_number
)

select
    listed.project,
    listed.version,
    (signs.superseded_count > 0)::bigint + (signs.built_count > 0)::bigint + signs.is_out_of_order::bigint
    + (signs.unproven_count > 0)::bigint as sign_count,
    superseded_count > 0 as is_superseded,
    built_count > 0 as has_build_tag_without_base,
    is_out_of_order,
    unproven_count > 0 as lost_provenance,
    concat_ws(
        '; ',
        if(superseded_count > 0, superseded_count || ' late after a greater stable release of '
            || strftime(superseded_at, '%Y-%m-%d'), null),
        if(built_count > 0, built_count || ' with a build number but no file of the same tags without one', null),
        if(is_out_of_order, 'first seen ' || strftime(first_uploaded_at, '%Y-%m-%d')
            || ', after a greater final version of its series of ' || strftime(series_overtaken_at, '%Y-%m-%d'), null),
        if(unproven_count > 0, unproven_count || ' late without an attestation though all before have one', null)
    ) as why,
    first_uploaded_at,
    last_uploaded_at
from signs
join dataset.releases as listed using (release_number)
where
    sign_count > 0
    and ($project::varchar is null or listed.project = $project::varchar)
order by sign_count desc, signs.last_uploaded_at desc, listed.project, listed.version
