/*
question = "Which files might a proposed rule refuse, and what did each bring to its release, and since when was it there?"
grain = "one row for each file that came more than an hour after the first of its release, or after a greater stable release"
order = "none: it is a relation to query"
source = "file_lags, release_history, wheel_sets, wheel_fits"
caveat = "No proposed rule refuses another file: the shortest window is an hour. Knows nothing of the window: a reason compares these lags with the one at which a batch of late files begins."
is_shared = true
uses = ["file_lags", "release_history", "wheel_sets", "wheel_fits"]

[columns]
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
project_number = { type = "BIGINT", meaning = "stands for the project where projects are counted" }
kind = { type = "VARCHAR", meaning = "sdist, wheel, egg, wininst, msi, rpm, dmg, dumb; null: not told" }
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
unproven_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the release's first file not known to have an attestation; null: all have" }
same_tags_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the first wheel with the same tags, whatever its build tag; null: no wheel" }
has_base = { type = "BOOLEAN", meaning = "a wheel of the release has the same tags and no build tag; null: no wheel" }
python_us = { type = "BIGINT", unit = "microseconds", meaning = "lag at which the last of its interpreters with ABI was served first; null: no wheel" }
platform_us = { type = "BIGINT", unit = "microseconds", meaning = "lag at which the last of its platforms was served first; null: no wheel" }
pair_us = { type = "BIGINT", unit = "microseconds", meaning = "lag at which the last of its pairs of interpreter and platform was served first; null: no wheel" }
fitted_us = { type = "BIGINT", unit = "microseconds", meaning = "lag from which on wheels of the release fitted every environment that this wheel fits; null: no wheel, a tag that no environment knows, or its tags came within the first hour" }
*/
with sets as materialized (select distinct python_tag, abi_tag, platform_tag, set_number from wheel_sets),

-- Releases that hold such a file.
opened as materialized (
    select release_number, project_number, superseded_at, superseded_by_any_at, is_out_of_order
    from release_history
    where open_us > 3600000000 or last_uploaded_at > superseded_by_any_at
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
        file.build is null as is_base,
        coalesce(file.uploaded_at > release.superseded_at, false) as is_superseded,
        coalesce(file.uploaded_at > release.superseded_by_any_at, false) as is_after_a_greater_one,
        file.lag_us > 3600000000 or is_after_a_greater_one as is_asked_for,
        release.is_out_of_order,
        sets.set_number
    from file_lags as file
    join opened as release on release.release_number = file.release_number
    left join sets
        on sets.python_tag = file.python_tag
        and sets.abi_tag = file.abi_tag
        and sets.platform_tag = file.platform_tag
    where file.lag_us is not null
),

-- What is not asked for came before all that is, with no gap of more than an hour.
wholes as (
    select
        release_number,
        max(lag_us) filter (not is_asked_for) as opening_us,
        max(file_number) as last_number,
        min(lag_us) filter (kind = 'wheel') as wheel_us,
        min(lag_us) filter (has_provenance is not true) as unproven_us
    from listed
    group by release_number
),

-- Files are numbered in the order of their uploads, ties by filename.
ordered as (
    select
        listed.*,
        wholes.* exclude (release_number),
        lag_us - lag(lag_us, 1, opening_us) over (partition by release_number order by file_number) as gap_us
    from listed
    join wholes using (release_number)
    where is_asked_for
),

same_tags as (
    select release_number, set_number, min(lag_us) as same_tags_us, bool_or(is_base) as has_base
    from listed
    where set_number is not null
    group by release_number, set_number
),

-- Each tag by itself: when did the release serve it first? Materialized, as the maxima are sought after that.
served as materialized (
    select
        release_number,
        set_number,
        same_tags_us,
        has_base,
        min(same_tags_us) over (partition by release_number, python_number) as python_us,
        min(same_tags_us) over (partition by release_number, platform_number) as platform_us,
        min(same_tags_us) over (partition by release_number, pair_number) as pair_us
    from same_tags
    join wheel_sets using (set_number)
),

known as (
    select
        release_number,
        set_number,
        any_value(same_tags_us) as same_tags_us,
        any_value(has_base) as has_base,
        max(python_us) as python_us,
        max(platform_us) as platform_us,
        max(pair_us) as pair_us
    from served
    group by release_number, set_number
),

fits as materialized (
    select release_number, set_number, same_tags_us, environments::bit as environments
    from same_tags
    join sets using (set_number)
    join wheel_fits using (python_tag, abi_tag, platform_tag)
),

-- Wheels of the same lag are peers: the frame holds them all.
covered as materialized (
    select
        release_number,
        same_tags_us,
        bit_or(environments) over (partition by release_number order by same_tags_us) as environments
    from fits
),

fitted as (
    select fits.release_number, fits.set_number, min(covered.same_tags_us) as fitted_us
    from fits
    join covered on covered.release_number = fits.release_number and covered.same_tags_us <= fits.same_tags_us
    where fits.same_tags_us > 3600000000 and bit_count(fits.environments & ~covered.environments) = 0
    group by fits.release_number, fits.set_number
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
    max(if(file.is_superseded, file.gap_us, null)) over so_far as widest_superseded_gap_us,
    file.last_number - file.file_number + 1 as number_from_end,
    max(if(file.gap_us > 86400000000, file.lag_us, 0)) over so_far as cluster_us,
    file.wheel_us,
    file.unproven_us,
    known.same_tags_us,
    known.has_base,
    known.python_us,
    known.platform_us,
    known.pair_us,
    fitted.fitted_us
from ordered as file
left join known on known.release_number = file.release_number and known.set_number = file.set_number
left join fitted on fitted.release_number = file.release_number and fitted.set_number = file.set_number
window so_far as (
    partition by file.release_number order by file.file_number
    rows between unbounded preceding and current row
)
