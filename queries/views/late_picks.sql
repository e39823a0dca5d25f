/*
question = "Where is a late file picked now, and what was picked before its batch?"
grain = "one row for each late file that is picked somewhere after its batch, and each file (or none) that was picked there before"
order = "none: it is a relation to query"
source = "late_reasons, grown_candidates, grown_histories, effect_of, files"
caveat = "A late file that a better one of its own batch outranks is picked nowhere. A file counts as yanked if it is yanked now."
uses = ["late_reasons", "grown_candidates", "grown_histories", "effect_of", "pick_at"]

[parameters]
least_lag_us = { type = "INTEGER", default = 1209600000000, minimum = 3600000000, unit = "microseconds", meaning = "the window: late is what has a greater lag" }
environment_ = { type = "VARCHAR", default = "today", meaning = "which environments: today, past, all (both), or the name of one" }

[columns]
file_number = { type = "BIGINT", meaning = "the late file in files.parquet" }
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the late file" }
uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when it was uploaded" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release" }
reason = { type = "VARCHAR", meaning = "why it is late: see reason_of" }
effect = { type = "VARCHAR", meaning = "displaces, builds-no-more, other-sdist or new: see effect_of" }
filename_before = { type = "VARCHAR", meaning = "what was picked before the batch; null: nothing" }
environment_count = { type = "BIGINT", unit = "count", meaning = "environments with that effect" }
environment_number = { type = "BIGINT", meaning = "one of them" }
*/
with late as materialized (
    select why.file_number, why.release_number, why.uploaded_at, why.lag_us, why.reason, why.batch, file.place, file.is_wheel
    from late_reasons($least_lag_us) as why
    join grown_candidates as file using (file_number)
),

batches as (
    select release_number, batch, min(place) as from_place, max(place) as to_place
    from late
    group by release_number, batch
),

changed as (
    select
        batches.release_number,
        pick_at(history.places, batches.to_place) as place,
        pick_at(history.places, batches.from_place - 1) as place_before,
        sum(history.environment_count)::bigint as environment_count,
        min(history.environment_number) as environment_number
    from batches
    join grown_histories($environment_) as history using (release_number)
    where pick_at(history.places, batches.to_place) >= batches.from_place
    group by batches.release_number, place, place_before
),

picked as materialized (
    select
        late.file_number,
        late.release_number,
        late.uploaded_at,
        late.lag_us,
        late.reason,
        effect_of(before.is_wheel, late.is_wheel) as effect,
        before.file_number as before_number,
        changed.environment_count,
        changed.environment_number
    from changed
    join late using (release_number, place)
    left join grown_candidates as before
        on before.release_number = changed.release_number and before.place = changed.place_before
),

sought as (
    select file_number from picked
    union
    select before_number from picked
),

-- The names of all these files, read once.
names as materialized (
    select file_number, project, version, filename
    from files
    where file_number in (select file_number from sought)
)

select
    picked.file_number,
    picked.release_number,
    mine.project,
    mine.version,
    mine.filename,
    picked.uploaded_at,
    picked.lag_us,
    picked.reason,
    picked.effect,
    its.filename as filename_before,
    picked.environment_count,
    picked.environment_number
from picked
join names as mine on mine.file_number = picked.file_number
left join names as its on its.file_number = picked.before_number
