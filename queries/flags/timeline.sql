/*
question = "How did a project's releases grow, file by file?"
grain = "one row for each file of the project"
order = "releases as PEP 440 sorts, files in upload order, files without a time last"
source = "file_lags and late_reasons"
caveat = "Only late files have a reason and signs. The first upload is that of the first file still visible, or known if deleted ones count, so a lag is a lower bound."
uses = ["file_lags", "late_reasons", "days"]
in_table = ["project", "version", "filename", "uploaded_at", "lag_us", "reason"]

[parameters]
project = { type = "VARCHAR", meaning = "the project; null: all" }
version = { type = "VARCHAR", meaning = "only this version, as the index spells it; null: all" }
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the file" }
uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when it was uploaded; null: the index does not give it" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release; null: no time" }
is_late = { type = "BOOLEAN", meaning = "the lag is greater than the window" }
is_yanked = { type = "BOOLEAN", meaning = "yanked (PEP 592); null: the source does not say" }
reason = { type = "VARCHAR", meaning = "why it is late; null: it is not" }
batch = { type = "BIGINT", meaning = "its batch of late files; null: it is not late" }
signs = { type = "VARCHAR", meaning = "its signs, in words; empty: none" }
*/
select
    file.project,
    file.version,
    file.filename,
    file.uploaded_at,
    file.lag_us,
    coalesce(file.lag_us > days($window_days), false) as is_late,
    file.is_yanked,
    why.reason,
    why.batch,
    concat_ws(
        ', ',
        if(why.is_superseded, 'superseded', null),
        if(why.has_build_tag_without_base, 'build number without base', null),
        if(why.is_out_of_order, 'out of order', null),
        if(why.lost_provenance, 'lost provenance', null)
    ) as signs
from file_lags as file
left join late_reasons(days($window_days)) as why
    on why.file_number = file.file_number
where
    ($project::varchar is null or file.project = $project::varchar)
    and ($version::varchar is null or file.version = $version::varchar)
order by file.project, file.version_key nulls last, file.version, file.uploaded_at nulls last, file.filename
