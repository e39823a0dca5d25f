/*
question = "Which releases lost files that came back under other names?"
grain = "one row for each release of which a file vanished and a file of another name appeared in the same crawl or later"
order = "last seen first, then project and version"
reads_times = false
source = "events and files"
caveat = "Any later file of another name counts, also an honest wheel after a broken one was deleted. Files that came back under their own names are not meant, such as those of a project whose quarantine ended."
in_table = ["project", "version", "vanished_file_count", "appeared_file_count", "file_count", "is_whole_project", "last_appeared_at"]

[parameters]
since_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "only what appeared in crawls that began at this time or later; null: all" }
project = { type = "VARCHAR", meaning = "only this project; null: all" }

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
vanished_file_count = { type = "BIGINT", unit = "count", meaning = "files that vanished before or when others appeared" }
appeared_file_count = { type = "BIGINT", unit = "count", meaning = "files of other names that appeared then" }
file_count = { type = "BIGINT", unit = "count", meaning = "files of the release listed now" }
is_whole_project = { type = "BOOLEAN", meaning = "the whole project was missing or quarantined in between, not only these files" }
first_vanished_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "start of the first crawl that missed such a file" }
last_appeared_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "start of the last crawl that saw another appear" }
first_crawl_id = { type = "VARCHAR", meaning = "the first crawl that missed such a file" }
last_crawl_id = { type = "VARCHAR", meaning = "the last crawl that saw another appear" }
*/
with vanished as (
    select project, version, filename, crawl_id, seen_at, reason
    from events
    where event = 'vanished'
),

appeared as (
    select project, version, filename, crawl_id, seen_at
    from events
    where event = 'appeared'
),

-- A file that came back under its own name is the same file, whenever that was.
gone as (
    select vanished.*
    from vanished
    anti join appeared
        on
            appeared.project = vanished.project
            and appeared.version = vanished.version
            and appeared.filename = vanished.filename
            and appeared.crawl_id > vanished.crawl_id
),

fresh as (
    select appeared.*
    from appeared
    anti join vanished
        on
            vanished.project = appeared.project
            and vanished.version = appeared.version
            and vanished.filename = appeared.filename
            and vanished.crawl_id < appeared.crawl_id
    where
        ($since_at::timestamptz is null or appeared.seen_at >= $since_at::timestamptz)
        and ($project::varchar is null or appeared.project = $project::varchar)
),

-- Each file that vanished beside each of another name that appeared then or later.
pairs as (
    select
        gone.project,
        gone.version,
        gone.filename as vanished_filename,
        fresh.filename as appeared_filename,
        gone.seen_at as vanished_at,
        fresh.seen_at as appeared_at,
        gone.crawl_id as vanished_crawl_id,
        fresh.crawl_id as appeared_crawl_id,
        gone.reason != 'unlisted' as is_whole_project
    from gone
    inner join fresh
        on
            fresh.project = gone.project
            and fresh.version = gone.version
            and fresh.filename != gone.filename
            and fresh.crawl_id >= gone.crawl_id
),

listed as (
    select project, version, count(*) as file_count
    from files
    group by project, version
)

select
    pair.project,
    pair.version,
    count(distinct pair.vanished_filename) as vanished_file_count,
    count(distinct pair.appeared_filename) as appeared_file_count,
    coalesce(min(listed.file_count), 0) as file_count,
    coalesce(bool_or(pair.is_whole_project), false) as is_whole_project,
    min(pair.vanished_at) as first_vanished_at,
    max(pair.appeared_at) as last_appeared_at,
    min(pair.vanished_crawl_id) as first_crawl_id,
    max(pair.appeared_crawl_id) as last_crawl_id
from pairs as pair
left join listed on listed.project = pair.project and listed.version = pair.version
group by pair.project, pair.version
order by last_crawl_id desc, pair.project, pair.version
