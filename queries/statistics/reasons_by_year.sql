/*
question = "Why did files come late in each year?"
grain = "one row for each year (UTC) with a late file and each reason found in it"
order = "year, then most files first, then reason"
source = "late_reasons"
caveat = "A file counts in the year of its own upload."
uses = ["late_reasons", "days", "utc"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
year = { type = "BIGINT", meaning = "year of upload, UTC" }
reason = { type = "VARCHAR", meaning = "why a file is late, as in reasons" }
files = { type = "BIGINT", meaning = "late files of this reason in the year" }
releases = { type = "BIGINT", meaning = "releases with such a file" }
projects = { type = "BIGINT", meaning = "projects with such a file" }
late_file_share = { type = "DOUBLE", unit = "share", meaning = "files / late_files" }
late_files = { type = "BIGINT", meaning = "late files of the year: the denominator" }
*/
select
    year(utc(uploaded_at)) as year,
    reason,
    count(*) as files,
    count(distinct release_number) as releases,
    count(distinct project_number) as projects,
    count(*) / sum(count(*)) over (partition by year(utc(uploaded_at))) as late_file_share,
    sum(count(*)) over (partition by year(utc(uploaded_at)))::bigint as late_files
from late_reasons(days($window_days))
group by year(utc(uploaded_at)), reason
order by year, files desc, reason
