/*
question = "Which tools upload late files?"
grain = "one row for each tool, and one for files whose tool is not given"
order = "most late files first, then tool"
source = "file_lags"
caveat = "The tool is the text before the first slash of the uploader's User-Agent, which anybody can choose. No API of an index gives it: only imported tables do."
uses = ["file_lags", "days"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
tool = { type = "VARCHAR", meaning = "the tool that uploaded; null: not given" }
late_files = { type = "BIGINT", meaning = "late files that it uploaded" }
files = { type = "BIGINT", meaning = "files with an upload time that it uploaded: the denominator of late_share" }
late_share = { type = "DOUBLE", unit = "share", meaning = "late_files / files" }
all_late_file_count = { type = "BIGINT", unit = "count", meaning = "late files of all tools" }
*/
with uploads as (
    select
        split_part(uploaded_via, '/', 1)[:100] as tool,
        count(*) as files,
        count(*) filter (lag_us > days($window_days)) as late_files
    from file_lags
    where lag_us is not null
    group by tool
)

select
    tool,
    late_files,
    files,
    late_files / files as late_share,
    sum(late_files) over ()::bigint as all_late_file_count
from uploads
order by late_files desc, tool nulls last
