/*
question = "Which files might a proposed rule refuse, and how did the release grow until each?"
grain = "one row for each file that came more than an hour after the first of its release, or after a greater stable release"
order = "none: it is a relation to query"
source = "file_lags, release_history"
caveat = "No proposed rule refuses another file: the shortest window is an hour. Where deleted files count, only the first of a release does, whose kind is not looked at. This does not depend on the window: a reason compares these lags with the one at which a batch of late files begins."
is_shared = true
uses = ["file_lags", "release_history", "days", "hours"]
portable = true

[columns]
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
project_number = { type = "BIGINT", meaning = "a number for the project, to count projects by" }
kind = { type = "VARCHAR", meaning = "sdist, wheel, egg, wininst, msi, rpm, dmg, dumb; null: not given" }
uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when the file was uploaded" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of the release" }
is_superseded = { type = "BOOLEAN", meaning = "a greater stable release came after this one's first upload and strictly before this file" }
is_superseded_by_any = { type = "BOOLEAN", meaning = "a greater stable release came strictly before this file, which is not the release's first" }
is_out_of_order = { type = "BOOLEAN", meaning = "the release is final and came more than 24 hours after a greater final one of its series" }
widest_gap_us = { type = "BIGINT", unit = "microseconds", meaning = "widest gap before one of these files of the release, up to this one" }
widest_superseded_gap_us = { type = "BIGINT", unit = "microseconds", meaning = "widest gap before a superseded file up to this one; null: it is not superseded" }
number_from_end = { type = "BIGINT", meaning = "1 for the release's last file" }
cluster_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the first file since which no gap was longer than 24 hours" }
wheel_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the release's first wheel; null: none" }
unproven_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the release's first file, deleted ones among them if they count, that is not known to have an attestation; null: all have" }
*/
-- Releases that hold such a file.
with opened as materialized (
    select release_number, project_number, superseded_at, superseded_by_any_at, is_out_of_order
    from release_history
    where open_us > hours(1) or last_uploaded_at > superseded_by_any_at
),

listed as materialized (
    select
        file.file_number,
        file.release_number,
        release.project_number,
        file.kind,
        file.uploaded_at,
        file.lag_us,
        file.first_uploaded_at,
        file.has_provenance,
        coalesce(file.uploaded_at > release.superseded_at, false) as is_superseded,
        coalesce(file.uploaded_at > release.superseded_by_any_at, false) as is_after_a_greater_one,
        release.is_out_of_order
    from file_lags as file
    join opened as release on release.release_number = file.release_number
    where file.lag_us is not null
),

-- The files left out came before all others, with no gap of more than an hour.
wholes as (
    select
        release_number,
        max(case when lag_us <= hours(1) and not is_after_a_greater_one then lag_us end) as opening_us,
        max(file_number) as last_number,
        min(case when kind = 'wheel' then lag_us end) as wheel_us,
        -- Of a deleted file no attestation is known.
        case
            when min(lag_us) > 0 then 0
            else min(case when not coalesce(has_provenance, false) then lag_us end)
        end as unproven_us
    from listed
    group by release_number
),

-- Files are numbered in the order of their uploads, ties by filename.
ordered as (
    select
        listed.*,
        wholes.opening_us,
        wholes.last_number,
        wholes.wheel_us,
        wholes.unproven_us,
        max(listed.lag_us) over (
            partition by listed.release_number order by listed.file_number rows between 1 preceding and 1 preceding
        ) as before_us
    from listed
    join wholes on wholes.release_number = listed.release_number
    where listed.lag_us > hours(1) or listed.is_after_a_greater_one
),

-- Nothing came before the first file. If it is deleted, the first file that is left came after it.
gaps as (
    select *, lag_us - coalesce(before_us, opening_us, case when lag_us > 0 then 0 end) as gap_us
    from ordered
)

select
    file.file_number,
    file.release_number,
    file.project_number,
    file.kind,
    file.uploaded_at,
    file.lag_us,
    file.first_uploaded_at,
    file.is_superseded,
    file.is_after_a_greater_one and file.gap_us is not null as is_superseded_by_any,
    file.is_out_of_order,
    max(coalesce(file.gap_us, 0)) over so_far as widest_gap_us,
    max(case when file.is_superseded then file.gap_us end) over so_far as widest_superseded_gap_us,
    file.last_number - file.file_number + 1 as number_from_end,
    max(case when file.gap_us > days(1) then file.lag_us else 0 end) over so_far as cluster_us,
    file.wheel_us,
    file.unproven_us
from gaps as file
window so_far as (
    partition by file.release_number order by file.file_number
    rows between unbounded preceding and current row
)
