/*
question = "How many downloads fetched a late file, and for how many is that known?"
grain = "one row for each month and installer of the downloads that were imported"
order = "none: it is a relation to query"
source = "downloads.parquet and file_lags"
caveat = "Downloads are not people: a build machine fetches the same file a thousand times, a cache fetches none. Whether a file is late is known only for files that the dataset lists now."
uses = ["file_lags"]
portable = true

[parameters]
least_lag_us = { type = "INTEGER", default = 1209600000000, minimum = 3600000000, unit = "microseconds", meaning = "the window: late is what has a greater lag" }

[columns]
month = { type = "VARCHAR", meaning = "month of the downloads, UTC, such as 2026-07" }
installer = { type = "VARCHAR", meaning = "what downloaded; null: not given" }
counted = { type = "VARCHAR", meaning = "what the table of downloads counted: files-and-metadata before 2026-08, files from 2026-09 on, both-ways in 2026-08: since the 24th a fetch of a file's .metadata no longer counts" }
download_count = { type = "BIGINT", unit = "count", meaning = "all downloads" }
unlisted_download_count = { type = "BIGINT", unit = "count", meaning = "of these, downloads of files that the dataset does not list: nothing is known about them" }
untimed_download_count = { type = "BIGINT", unit = "count", meaning = "of these, downloads of files without an upload time" }
judged_download_count = { type = "BIGINT", unit = "count", meaning = "all others: the denominator of shares" }
late_download_count = { type = "BIGINT", unit = "count", meaning = "of judged_download_count, those of late files" }
*/
with known as (
    select
        filename,
        max(case when lag_us is not null then 1 else 0 end) as has_time,
        max(case when lag_us > $least_lag_us then 1 else 0 end) as late
    from file_lags
    group by filename
)

select
    fetched.month,
    fetched.installer,
    case
        when fetched.month < '2026-08' then 'files-and-metadata'
        when fetched.month = '2026-08' then 'both-ways'
        else 'files'
    end as counted,
    sum(fetched.download_count)::bigint as download_count,
    coalesce(sum(case when known.filename is null then fetched.download_count end), 0)::bigint as unlisted_download_count,
    coalesce(sum(case when known.has_time = 0 then fetched.download_count end), 0)::bigint as untimed_download_count,
    coalesce(sum(case when known.has_time = 1 then fetched.download_count end), 0)::bigint as judged_download_count,
    coalesce(sum(case when known.late = 1 then fetched.download_count end), 0)::bigint as late_download_count
from downloads as fetched
left join known on known.filename = fetched.filename
group by fetched.month, fetched.installer
