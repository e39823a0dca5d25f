/*
question = "How did each release grow, and when did greater releases of its project come?"
grain = "one row for each release with a timed file"
order = "none: it is a relation to query"
source = "release_growth and releases.parquet"
caveat = "A deleted first file makes a release look younger, unless deleted files count. A version that is not PEP 440 is never overtaken and overtakes none."
uses = ["release_growth", "days"]
is_shared = true
portable = true

[columns]
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
project_number = { type = "BIGINT", meaning = "a number for the project, to count projects by: its first release here" }
is_postrelease = { type = "BOOLEAN", meaning = "a post release; null: not PEP 440" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of the release" }
last_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "last upload still visible" }
open_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the last file" }
timed_file_count = { type = "BIGINT", unit = "count", meaning = "files with an upload time" }
later_file_count = { type = "BIGINT", unit = "count", meaning = "files with a lag above zero" }
superseded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload, after this release's own, of a greater stable release; null: none, or only after this release's last file" }
superseded_by_any_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of a greater stable release, also before this release's own; null: none" }
series_overtaken_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of a greater final version of the same major.minor series; null: none" }
is_out_of_order = { type = "BOOLEAN", meaning = "final, and first uploaded more than 24 hours after series_overtaken_at" }
*/
with numbered as (
    select project, min(release_number) as project_number
    from dataset.releases
    group by project
),

listed as (
    select
        grown.release_number,
        grown.first_uploaded_at,
        grown.last_uploaded_at,
        grown.open_us,
        grown.timed_file_count,
        grown.later_file_count,
        numbered.project_number,
        release.version_key,
        release.series,
        release.is_postrelease,
        not release.is_prerelease as is_stable,
        not release.is_prerelease and not release.is_postrelease as is_final
    from release_growth as grown
    join dataset.releases as release on release.release_number = grown.release_number
    join numbered on numbered.project = release.project
),

-- Versions equal in PEP 440 have one place: neither is greater. The greatest has the first place, and numbers sort faster
-- than keys; what is not PEP 440 comes last.
placed as (
    select
        release_number,
        project_number,
        first_uploaded_at,
        last_uploaded_at,
        open_us,
        timed_file_count,
        later_file_count,
        series,
        is_postrelease,
        is_stable,
        is_final,
        dense_rank() over (partition by project_number order by version_key desc nulls last) as place
    from listed
),

overtaken as materialized (
    select
        *,
        case when is_stable is not null then min(case when is_stable then first_uploaded_at end) over (
            partition by project_number order by place
            range between unbounded preceding and 1 preceding
        ) end as superseded_by_any_at,
        case when is_final then min(case when is_final then first_uploaded_at end) over (
            partition by project_number, series order by place
            range between unbounded preceding and 1 preceding
        ) end as series_overtaken_at
    from placed
),

-- Only a release that grew after a greater one came can be superseded: few pairs are compared.
superseded as (
    select release.release_number, min(greater.first_uploaded_at) as superseded_at
    from overtaken as release
    join overtaken as greater on greater.project_number = release.project_number
    where
        greater.place < release.place
        and greater.first_uploaded_at > release.first_uploaded_at
        and greater.first_uploaded_at < release.last_uploaded_at
        and greater.is_stable
        and release.last_uploaded_at > release.superseded_by_any_at
    group by release.release_number
)

select
    overtaken.release_number,
    overtaken.project_number,
    overtaken.is_postrelease,
    overtaken.first_uploaded_at,
    overtaken.last_uploaded_at,
    overtaken.open_us,
    overtaken.timed_file_count,
    overtaken.later_file_count,
    superseded.superseded_at,
    overtaken.superseded_by_any_at,
    overtaken.series_overtaken_at,
    coalesce(
        epoch_us(overtaken.first_uploaded_at) - epoch_us(overtaken.series_overtaken_at) > days(1), false
    ) as is_out_of_order
from overtaken
left join superseded on superseded.release_number = overtaken.release_number
