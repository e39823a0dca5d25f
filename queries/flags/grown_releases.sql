/*
question = "Which releases gained files between crawls?"
grain = "one row for each release that one crawl listed and that had another file in a later crawl"
order = "longest lag first (unknown lags last), then most files gained, then project and version"
reads_times = false
source = "gains and file_lags"
caveat = "What the first crawl of a project or a release finds is its baseline, and a file that vanished and came back under its own name is not a gain; one that came while its release was not listed is, such as in a quarantine, if the release came back with a file that it had. Lags are known only for files listed now."
uses = ["gains", "file_lags"]
in_table = ["project", "version", "gained_file_count", "listed_file_count", "first_seen_at", "last_seen_at", "longest_lag_us"]

[parameters]
since_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "only gains seen by crawls that began at this time or later; null: all" }
project = { type = "VARCHAR", meaning = "only this project; null: all" }

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
gained_file_count = { type = "BIGINT", unit = "count", meaning = "files gained" }
listed_file_count = { type = "BIGINT", unit = "count", meaning = "of these, files listed now" }
first_seen_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "start of the first crawl that saw a gain" }
last_seen_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "start of the last crawl that saw a gain" }
first_crawl_id = { type = "VARCHAR", meaning = "the first crawl that saw a gain" }
last_crawl_id = { type = "VARCHAR", meaning = "the last crawl that saw a gain" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of the release; null: none is known" }
longest_lag_us = { type = "BIGINT", unit = "microseconds", meaning = "longest lag of a gained file, exact; null: none is listed with a time" }
*/
with opened as (
    select project, version, min(first_uploaded_at) as first_uploaded_at
    from file_lags
    group by project, version
)

select
    gain.project,
    gain.version,
    count(*) as gained_file_count,
    count(file.filename) as listed_file_count,
    min(gain.seen_at) as first_seen_at,
    max(gain.seen_at) as last_seen_at,
    min(gain.crawl_id) as first_crawl_id,
    max(gain.crawl_id) as last_crawl_id,
    min(release.first_uploaded_at) as first_uploaded_at,
    max(file.lag_us) as longest_lag_us
from gains as gain
left join file_lags as file
    on file.project = gain.project and file.version = gain.version and file.filename = gain.filename
left join opened as release on release.project = gain.project and release.version = gain.version
where
    ($since_at::timestamptz is null or gain.seen_at >= $since_at::timestamptz)
    and ($project::varchar is null or gain.project = $project::varchar)
group by gain.project, gain.version
order by longest_lag_us desc nulls last, gained_file_count desc, gain.project, gain.version
