/*
question = "Which files were uploaded more than the window after the first file of their release?"
grain = "one row for each late file"
order = "longest lag first, then filename"
source = "file_lags and late_reasons"
caveat = "Late says nothing about intent. The first upload is that of the first file still visible, or known if deleted ones count, so a lag is a lower bound."
uses = ["file_lags", "late_reasons", "days"]
shown = ["project", "version", "filename", "kind", "uploaded_at", "lag_us"]
portable = true

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }
project = { type = "VARCHAR", meaning = "only this project; null: all" }
reason = { type = "VARCHAR", choices_of = "reason_of", meaning = "only files that are late for this reason; null: for any" }
since = { type = "VARCHAR", meaning = "only files uploaded then or later, such as 2024-01-31 (UTC); null: whenever" }
min_lag_days = { type = "DOUBLE", minimum = 0, maximum = 36500, unit = "days", meaning = "only files with at least this lag; batches and reasons stay those of the window; null: any" }

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the late file" }
kind = { type = "VARCHAR", meaning = "sdist, wheel, egg, wininst, msi, rpm, dmg, dumb; null: not given" }
uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when the late file was uploaded" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release, exact" }
reason = { type = "VARCHAR", meaning = "why it is late, the first reason that applies: see reason_of" }
batch = { type = "BIGINT", meaning = "1 for the first batch of the release's late files, 2 for the second: a gap of more than 24 hours divides them" }
is_superseded = { type = "BOOLEAN", meaning = "a greater stable release came after this one's first upload and strictly before this file" }
has_build_tag_without_base = { type = "BOOLEAN", meaning = "a build tag, and no file of the release with the same tags without one" }
is_out_of_order = { type = "BOOLEAN", meaning = "the release is final and came more than 24 hours after a greater final one of its series" }
lost_provenance = { type = "BOOLEAN", meaning = "every file before has an attestation, this one has none; null: not given" }
lag_days = { type = "DOUBLE", unit = "days", meaning = "lag_us to read" }
*/
select
    file.project,
    file.version,
    file.filename,
    file.kind,
    file.uploaded_at,
    file.lag_us,
    why.reason,
    why.batch,
    why.is_superseded,
    why.has_build_tag_without_base,
    why.is_out_of_order,
    why.lost_provenance,
    file.lag_us / days(1) as lag_days
from file_lags as file
left join late_reasons(days($window_days)) as why
    on why.file_number = file.file_number
where
    file.lag_us > days($window_days)
    and ($project::varchar is null or file.project = $project::varchar)
    and ($reason::varchar is null or why.reason = $reason::varchar)
    and ($since::varchar is null or file.uploaded_at >= $since::varchar::timestamptz)
    and ($min_lag_days::double is null or file.lag_us >= $min_lag_days::double * days(1))
order by file.lag_us desc, file.filename, file.project, file.version
