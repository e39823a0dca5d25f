/*
question = "Which releases lost files that came back under other names?"
grain = "one row for each release of which a file vanished and a file of another name appeared in the same crawl or later"
order = "last seen first, then project and version"
reads_times = false
source = "recreations and files"
uses = ["recreations"]
caveat = "Any later file of another name counts, also an honest wheel after a broken one was deleted. Files that came back under their own names are left out, such as those of a project whose quarantine ended. What was deleted before the first crawl, and is known from an import, is in remade-releases."
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
with listed as (
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
from recreations as pair
left join listed on listed.project = pair.project and listed.version = pair.version
where
    ($since_at::timestamptz is null or pair.appeared_at >= $since_at::timestamptz)
    and ($project::varchar is null or pair.project = $project::varchar)
group by pair.project, pair.version
order by last_crawl_id desc, pair.project, pair.version
