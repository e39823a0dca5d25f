/*
question = "How did each release come into being, and when did the project's other releases overtake it?"
grain = "one row for each release with a timed file"
order = "none: it is a relation to query"
source = "file_lags and releases.parquet"
caveat = "A deleted first file makes a release look younger. A version that is not PEP 440 is never overtaken and overtakes none."
uses = ["file_lags"]
is_shared = true

[columns]
release_number = { type = "BIGINT", meaning = "stands for project and version in joins; only within one run" }
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
version_key = { type = "VARCHAR", meaning = "sorts as PEP 440; null: not PEP 440" }
public_key = { type = "VARCHAR", meaning = "version_key without the local part; null: not PEP 440" }
is_prerelease = { type = "BOOLEAN", meaning = "alpha, beta, candidate or dev; null: not PEP 440" }
is_postrelease = { type = "BOOLEAN", meaning = "a post release; null: not PEP 440" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload still visible" }
last_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "last upload still visible" }
open_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the last file" }
timed_file_count = { type = "BIGINT", unit = "count", meaning = "files with an upload time" }
later_file_count = { type = "BIGINT", unit = "count", meaning = "files with a lag above zero" }
superseded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload, after this release's own, of a greater stable release; null: none" }
superseded_by_any_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of a greater stable release, also before this release's own; null: none" }
series_overtaken_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of a greater final version of the same major.minor series; null: none" }
is_out_of_order = { type = "BOOLEAN", meaning = "final, and first uploaded more than 24 hours after series_overtaken_at" }
*/
with grown as (
    select
        project,
        version,
        min(uploaded_at) as first_uploaded_at,
        max(uploaded_at) as last_uploaded_at,
        max(lag_us) as open_us,
        count(*) as timed_file_count,
        count(*) filter (lag_us > 0) as later_file_count
    from file_lags
    where lag_us is not null
    group by project, version
),

-- The frames leave the peers out: a version equal in PEP 440 is not greater.
overtaken as materialized (
    select
        row_number() over () as release_number,
        project,
        version,
        release.version_key,
        release.public_key,
        release.is_prerelease,
        release.is_postrelease,
        not release.is_prerelease and not release.is_postrelease as is_final,
        grown.* exclude (project, version),
        if(release.version_key is null, null, min(first_uploaded_at) filter (not release.is_prerelease) over (
            partition by project order by release.version_key desc nulls last
            range between unbounded preceding and current row exclude group
        )) as superseded_by_any_at,
        min(first_uploaded_at) filter (not release.is_prerelease and not release.is_postrelease) over (
            partition by project, release.series order by release.version_key desc nulls last
            range between unbounded preceding and current row exclude group
        ) as series_overtaken_at
    from grown
    join dataset.releases as release using (project, version)
),

-- Only a release that grew after any greater one was there can have been superseded: few pairs are compared.
superseded as (
    select release.release_number, min(greater.first_uploaded_at) as superseded_at
    from overtaken as release
    join overtaken as greater
        on greater.project = release.project
        and greater.version_key > release.version_key
        and greater.first_uploaded_at > release.first_uploaded_at
    where not greater.is_prerelease and release.last_uploaded_at > release.superseded_by_any_at
    group by release.release_number
)

select
    release_number,
    project,
    version,
    version_key,
    public_key,
    is_prerelease,
    is_postrelease,
    first_uploaded_at,
    last_uploaded_at,
    open_us,
    timed_file_count,
    later_file_count,
    superseded_at,
    superseded_by_any_at,
    if(is_final, series_overtaken_at, null) as series_overtaken_at,
    coalesce(is_final and first_uploaded_at > series_overtaken_at + interval 24 hours, false) as is_out_of_order
from overtaken
left join superseded using (release_number)
