/*
question = "Which share of downloads fetched a late file, by month and installer?"
grain = "one row for each month and installer of the downloads that were imported"
order = "month, most downloads first, then installer"
source = "judged_downloads"
caveat = "Downloads are not people. Months before 2026-09 are not comparable with those after: until 2026-08-24 each fetch of a file's .metadata was a download too."
uses = ["judged_downloads", "days"]
in_table = ["month", "installer", "counted", "download_count", "judged_download_count", "late_download_count", "late_share"]
portable = true

[needs]
table = "downloads"
otherwise = "the dataset holds no downloads: `release-audit import downloads FILES.parquet` brings them, see docs/downloads.md"

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
month = { type = "VARCHAR", meaning = "month of the downloads, UTC, such as 2026-07" }
installer = { type = "VARCHAR", meaning = "what downloaded; null: not given" }
counted = { type = "VARCHAR", meaning = "what counted as a download: files-and-metadata before 2026-08, files from 2026-09 on, both-ways in 2026-08" }
download_count = { type = "BIGINT", unit = "count", meaning = "all downloads" }
unlisted_download_count = { type = "BIGINT", unit = "count", meaning = "of these, downloads of files that the dataset does not list: nothing is known about them" }
untimed_download_count = { type = "BIGINT", unit = "count", meaning = "of these, downloads of files without an upload time" }
judged_download_count = { type = "BIGINT", unit = "count", meaning = "all others: the denominator" }
late_download_count = { type = "BIGINT", unit = "count", meaning = "of judged_download_count, those of late files" }
late_share = { type = "DOUBLE", unit = "share", meaning = "late_download_count / judged_download_count" }
*/
select
    month,
    installer,
    counted,
    download_count,
    unlisted_download_count,
    untimed_download_count,
    judged_download_count,
    late_download_count,
    late_download_count / nullif(judged_download_count, 0) as late_share
from judged_downloads(days($window_days))
order by month, download_count desc, installer
