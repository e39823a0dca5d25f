/*
question = "Which files came to a release that an earlier crawl had listed?"
grain = "one row for each such file and each crawl that saw it appear"
order = "none: it is a relation to query"
source = "events"
caveat = "A file that vanished and came back under its own name is no gain. A file that came while its release, or the whole project, was not listed is one if a file that was there before came back with it, as after a quarantine; if none did, the release was made again: see recreations."
reads_times = false

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the file" }
crawl_id = { type = "VARCHAR", meaning = "the crawl that saw it appear" }
seen_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "start of that crawl" }
*/
-- A file that comes back under its own name was there before: the release did not grow.
with appeared as (
    select
        event.project,
        event.version,
        event.filename,
        event.crawl_id,
        event.seen_at,
        event.is_known_release,
        bool_or(earlier.filename is not null) as is_back
    from events as event
    left join events as earlier
        on
            earlier.project = event.project
            and earlier.version = event.version
            and earlier.filename = event.filename
            and earlier.event = 'vanished'
            and earlier.crawl_id < event.crawl_id
    where event.event = 'appeared'
    group by all
)

select project, version, filename, crawl_id, seen_at
from appeared
-- A release that comes back with a file of its own was known before; one without any was made again: see recreations.
qualify not is_back and (is_known_release or bool_or(is_back) over (partition by project, version, crawl_id))
