/*
question = "Which files vanished from a release, and which of other names appeared in it then or later?"
grain = "one row for each file of a release that vanished and each file of another name that appeared in the same crawl or later"
order = "none: it is a relation to query"
source = "events"
caveat = "Any later file of another name counts, also an honest wheel after a broken one was deleted. Files that came back under their own names are left out, such as those of a project whose quarantine ended. A deleted file that is known from an import was gone before that import; nobody saw when it went."
reads_times = false

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
vanished_filename = { type = "VARCHAR", meaning = "name of the file that vanished" }
appeared_filename = { type = "VARCHAR", meaning = "name of the file that appeared" }
vanished_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "start of the crawl that missed the vanished file; null: nobody saw when it went" }
appeared_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "start of the crawl that saw the other file appear" }
vanished_crawl_id = { type = "VARCHAR", meaning = "the crawl that missed the vanished file, or the import that brought it" }
appeared_crawl_id = { type = "VARCHAR", meaning = "the crawl that saw the other file appear" }
is_whole_project = { type = "BOOLEAN", meaning = "the whole project was missing or quarantined then, not only this file" }
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
)

-- Each file that vanished beside each of another name that appeared then or later.
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
