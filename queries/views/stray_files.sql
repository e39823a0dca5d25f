/*
question = "Which late files came within an hour of the first file of a release with a neighbouring version?"
grain = "one row for each such late file"
order = "none: it is a relation to query"
source = "grown_files, release_history and releases.parquet"
caveat = "Neighbours are the next and the previous version of the project, by PEP 440, among the releases with a timed file that are listed now, and all versions of the same major.minor series; versions equal in PEP 440 are no neighbours. If several fit, the row has the next or previous one, else the nearest in time, else the lowest."
uses = ["grown_files", "release_history", "hours"]

[parameters]
least_lag_us = { type = "INTEGER", default = 1209600000000, minimum = 3600000000, unit = "microseconds", meaning = "the window: late is what has a greater lag" }

[columns]
file_number = { type = "BIGINT", meaning = "the late file in files.parquet" }
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
project_number = { type = "BIGINT", meaning = "a number for the project, to count projects by" }
uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when the late file was uploaded" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of its own release" }
other_release_number = { type = "BIGINT", meaning = "the neighbour's release_number" }
is_greater = { type = "BOOLEAN", meaning = "the neighbour is a greater version" }
apart_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the neighbour's first file it came; negative: before" }
*/
with late as materialized (
    select file_number, release_number, project_number, uploaded_at, lag_us
    from grown_files
    where lag_us > $least_lag_us
),

versions as materialized (
    select
        history.release_number,
        history.project_number,
        history.first_uploaded_at,
        epoch_us(history.first_uploaded_at) // hours(1) as hour,
        release.version_key,
        release.series,
        dense_rank() over (partition by history.project_number order by release.version_key) as place
    from release_history as history
    join dataset.releases as release using (release_number)
    semi join late on late.project_number = history.project_number
    where release.version_key is not null
),

-- Within an hour is within the same hour of the clock, the one before or the one after: equal numbers are found at once.
near as (
    select *, unnest([-1, 0, 1]) + epoch_us(uploaded_at) // hours(1) as hour
    from late
)

select
    near.file_number,
    near.release_number,
    near.project_number,
    near.uploaded_at,
    near.lag_us,
    other.release_number as other_release_number,
    other.place > own.place as is_greater,
    epoch_us(near.uploaded_at) - epoch_us(other.first_uploaded_at) as apart_us
from near
join versions as own on own.release_number = near.release_number
join versions as other on other.project_number = near.project_number and other.hour = near.hour
where
    abs(apart_us) <= hours(1)
    and other.place != own.place
    and (abs(other.place - own.place) = 1 or other.series = own.series)
qualify row_number() over (
    partition by near.file_number
    order by abs(other.place - own.place) > 1, abs(apart_us), other.place, other.release_number
) = 1
