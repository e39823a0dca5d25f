/*
question = "Which files are late, in which batch, why, and with which signs?"
grain = "one row for each late file"
order = "none: it is a relation to query"
source = "grown_files, reason_of and files.parquet"
caveat = "A window is never below an hour, the least lag of grown_files."
uses = ["grown_files", "reason_of"]

[parameters]
least_lag_us = { type = "INTEGER", default = 1209600000000, minimum = 3600000000, unit = "microseconds", meaning = "the window: late is what has a greater lag" }

[columns]
file_number = { type = "BIGINT", meaning = "the late file in files.parquet" }
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
project_number = { type = "BIGINT", meaning = "stands for the project where projects are counted" }
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the late file" }
uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when the late file was uploaded" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of the release" }
build = { type = "VARCHAR", meaning = "build tag of a wheel; null: none" }
python_tag = { type = "VARCHAR", meaning = "a wheel's interpreter tags; null: no wheel" }
abi_tag = { type = "VARCHAR", meaning = "a wheel's ABI tags; null: no wheel" }
platform_tag = { type = "VARCHAR", meaning = "a wheel's platform tags; null: no wheel" }
reason = { type = "VARCHAR", meaning = "why it is late: see reason_of" }
batch = { type = "BIGINT", meaning = "1 for the release's first batch of late files, 2 for the second" }
batch_us = { type = "BIGINT", unit = "microseconds", meaning = "lag at which the batch began" }
is_superseded = { type = "BOOLEAN", meaning = "a greater stable release came after this one's first upload and strictly before this file" }
has_build_tag_without_base = { type = "BOOLEAN", meaning = "a build tag, and no file of the release with the same tags without one" }
is_out_of_order = { type = "BOOLEAN", meaning = "the release is final and came more than 24 hours after a greater final one of its series" }
lost_provenance = { type = "BOOLEAN", meaning = "every file before has an attestation, this one has none; null: not told" }
*/
with late as (
    select *, greatest(cluster_us, min(lag_us) over (partition by release_number)) as batch_us
    from grown_files
    where lag_us > $least_lag_us
)

select
    late.file_number,
    late.release_number,
    late.project_number,
    file.project,
    file.version,
    file.filename,
    late.uploaded_at,
    late.lag_us,
    late.first_uploaded_at,
    file.build,
    file.python_tag,
    file.abi_tag,
    file.platform_tag,
    why.reason,
    dense_rank() over (partition by late.release_number order by late.batch_us) as batch,
    late.batch_us,
    late.is_superseded,
    file.build is not null and not coalesce(late.has_base, false) as has_build_tag_without_base,
    late.is_out_of_order,
    if(
        file.has_provenance is null, null, not file.has_provenance and coalesce(late.unproven_us >= late.batch_us, false)
    ) as lost_provenance
from late
join files as file on file.file_number = late.file_number
join lateral (
    from reason_of(late.kind, batch_us, wheel_us, same_tags_us, fitted_us, python_us, platform_us, pair_us)
) as why on true
