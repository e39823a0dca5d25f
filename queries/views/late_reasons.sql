/*
question = "Which files are late, in which batch, why, and with which signs?"
grain = "one row for each late file"
order = "none: it is a relation to query"
source = "grown_files, grown_tags, reason_of and files.parquet"
caveat = "A window is never below an hour, the least lag of grown_files."
uses = ["grown_files", "grown_tags", "reason_of", "batch_start"]
portable = true

[parameters]
least_lag_us = { type = "INTEGER", default = 1209600000000, minimum = 3600000000, unit = "microseconds", meaning = "the window: late is what has a greater lag" }

[columns]
file_number = { type = "BIGINT", meaning = "the late file in files.parquet" }
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
project_number = { type = "BIGINT", meaning = "a number for the project, to count projects by" }
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the late file" }
uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when the late file was uploaded" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of the release" }
build = { type = "VARCHAR", meaning = "build tag of a wheel; null: none" }
python_tag = { type = "VARCHAR", meaning = "a wheel's interpreter tags; null: not a wheel" }
abi_tag = { type = "VARCHAR", meaning = "a wheel's ABI tags; null: not a wheel" }
platform_tag = { type = "VARCHAR", meaning = "a wheel's platform tags; null: not a wheel" }
reason = { type = "VARCHAR", meaning = "why it is late: see reason_of" }
batch = { type = "BIGINT", meaning = "1 for the release's first batch of late files, 2 for the second" }
batch_us = { type = "BIGINT", unit = "microseconds", meaning = "lag at which the batch began" }
is_superseded = { type = "BOOLEAN", meaning = "a greater stable release came after this one's first upload and strictly before this file" }
has_build_tag_without_base = { type = "BOOLEAN", meaning = "a build tag, and no file of the release with the same tags without one" }
is_out_of_order = { type = "BOOLEAN", meaning = "the release is final and came more than 24 hours after a greater final one of its series" }
lost_provenance = { type = "BOOLEAN", meaning = "every file before has an attestation, this one has none; null: not given" }
*/
with late as (
    select *, min(lag_us) over (partition by release_number) as least_us
    from grown_files
    where lag_us > $least_lag_us
),

batched as (
    select *, batch_start(cluster_us, least_us) as batch_us
    from late
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
    reason_of(
        late.kind,
        late.batch_us,
        late.wheel_us,
        tags.same_tags_us,
        tags.fitted_us,
        tags.python_us,
        tags.platform_us,
        tags.pair_us
    ) as reason,
    dense_rank() over (partition by late.release_number order by late.batch_us) as batch,
    late.batch_us,
    late.is_superseded,
    file.build is not null and not coalesce(tags.has_base, false) as has_build_tag_without_base,
    late.is_out_of_order,
    case when file.has_provenance is not null then
        not file.has_provenance and coalesce(late.unproven_us >= late.batch_us, false)
    end as lost_provenance
from batched as late
join files as file on file.file_number = late.file_number
left join grown_tags as tags on tags.file_number = late.file_number
