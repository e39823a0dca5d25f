/*
question = "Which tools upload late files?"
grain = "one row for each tool, and one for files whose tool is not given"
order = "most late files first, then tool"
source = "files.parquet and grown_files"
caveat = "The tool is the text before the first slash of the uploader's User-Agent, which anybody can choose. No API of an index gives it: only imported tables do."
uses = ["grown_files", "days"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
tool = { type = "VARCHAR", meaning = "the tool that uploaded; null: not given" }
late_files = { type = "BIGINT", meaning = "late files that it uploaded" }
files = { type = "BIGINT", meaning = "files with an upload time that it uploaded: the denominator of late_share" }
late_share = { type = "DOUBLE", unit = "share", meaning = "late_files / files" }
all_late_file_count = { type = "BIGINT", unit = "count", meaning = "late files of all tools" }
*/
with late as (
    select file.uploaded_via, count(*) as late_files
    from grown_files as grown
    join files as file using (file_number)
    where grown.lag_us > days($window_days)
    group by file.uploaded_via
),

-- Few texts stand in many files: each is cut once.
uploads as (
    select uploaded_via, count(*) as files
    from files
    where uploaded_at is not null
    group by uploaded_via
),

tools as (
    select
        split_part(uploads.uploaded_via, '/', 1)[:100] as tool,
        sum(uploads.files)::bigint as files,
        coalesce(sum(late.late_files), 0)::bigint as late_files
    from uploads
    left join late on late.uploaded_via is not distinct from uploads.uploaded_via
    group by tool
)

select
    tool,
    late_files,
    files,
    late_files / files as late_share,
    sum(late_files) over ()::bigint as all_late_file_count
from tools
order by late_files desc, tool nulls last
