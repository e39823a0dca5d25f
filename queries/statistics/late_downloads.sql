/*
question = "Which share of downloads fetched a late file, and a file that displaces another, by month and installer?"
grain = "one row for each month and installer of the downloads that were imported"
order = "month, most downloads first, then installer"
source = "judged_downloads and late_picks"
caveat = "Downloads are not people: do not make a headline of them. Months before 2026-09 are not comparable with those after: until 2026-08-24 each fetch of a file's .metadata was a download too. A download of a displacing file need not have been a displacement: whoever pins a hash, or had the other file cached, was not affected."
uses = ["judged_downloads", "late_picks", "days"]
in_table = ["month", "installer", "counted", "judged_download_count", "late_download_count", "late_share", "displacing_share"]

[needs]
table = "downloads"
otherwise = "the dataset holds no downloads: `release-audit import downloads FILES.parquet` brings them, see docs/downloads.md"

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }
environment = { type = "VARCHAR", default = "today", meaning = "which environments: today, past, all (both), or the name of one" }

[columns]
month = { type = "VARCHAR", meaning = "month of the downloads, UTC, such as 2026-07" }
installer = { type = "VARCHAR", meaning = "what downloaded; null: not given" }
counted = { type = "VARCHAR", meaning = "what counted as a download: files-and-metadata before 2026-08, files from 2026-09 on, both-ways in 2026-08" }
download_count = { type = "BIGINT", unit = "count", meaning = "all downloads" }
unlisted_download_count = { type = "BIGINT", unit = "count", meaning = "of these, downloads of files that the dataset does not list: nothing is known about them" }
untimed_download_count = { type = "BIGINT", unit = "count", meaning = "of these, downloads of files without an upload time" }
judged_download_count = { type = "BIGINT", unit = "count", meaning = "all others: the denominator of both shares" }
late_download_count = { type = "BIGINT", unit = "count", meaning = "of judged_download_count, those of late files" }
late_share = { type = "DOUBLE", unit = "share", meaning = "late_download_count / judged_download_count" }
displacing_download_count = { type = "BIGINT", unit = "count", meaning = "of late_download_count, those of files that are picked in one of the environments where another wheel was picked before" }
displacing_share = { type = "DOUBLE", unit = "share", meaning = "displacing_download_count / judged_download_count" }
*/
with displacing as (
    select distinct filename
    from late_picks(days($window_days), $environment::varchar)
    where effect = 'displaces'
),

fetched as (
    select month, installer, sum(download_count)::bigint as displacing_download_count
    from downloads
    join displacing using (filename)
    group by month, installer
)

select
    judged.month,
    judged.installer,
    judged.counted,
    judged.download_count,
    judged.unlisted_download_count,
    judged.untimed_download_count,
    judged.judged_download_count,
    judged.late_download_count,
    judged.late_download_count / nullif(judged.judged_download_count, 0) as late_share,
    coalesce(fetched.displacing_download_count, 0) as displacing_download_count,
    coalesce(fetched.displacing_download_count, 0) / nullif(judged.judged_download_count, 0) as displacing_share
from judged_downloads(days($window_days)) as judged
left join fetched
    on judged.month = fetched.month and judged.installer is not distinct from fetched.installer
order by judged.month, judged.download_count desc, judged.installer
