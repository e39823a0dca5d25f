/*
question = "Which releases did crawls see change, and how alarming is that?"
grain = "one row for each release of which a crawl saw a change, other than its first files"
order = "most alarming first (displaces, sign, late, other), then last seen first, then project and version"
source = "events, gains, file_lags, late_reasons, late_picks, recreations"
caveat = "Only what differs between two crawls is seen. A sign is a reason to look, not a verdict (docs/signs.md). No reason is known for a deleted file. What only an import of deleted files knows (seen_at is null) is left out."
uses = ["gains", "file_lags", "late_reasons", "late_picks", "recreations", "days"]
reads_times = false
in_table = ["alarm", "project", "version", "why", "last_seen_at"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag" }
environment = { type = "VARCHAR", default = "all", meaning = "which environments a late file has to reach: today, past, all (both), or the name of one" }
since_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "only what crawls saw that began at this time or later; null: all" }
project = { type = "VARCHAR", meaning = "only this project; null: all" }

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
alarm = { type = "VARCHAR", meaning = "the first that applies: displaces: a file that came is late and is taken now where another wheel was; sign: a file that came has one of the signs, its release was made again, or a file changed its content; late: a file that came is late; other" }
why = { type = "VARCHAR", meaning = "what happened, in words" }
appeared_file_count = { type = "BIGINT", unit = "count", meaning = "files that came to a release that was known" }
late_file_count = { type = "BIGINT", unit = "count", meaning = "those of them that are listed now and late" }
vanished_file_count = { type = "BIGINT", unit = "count", meaning = "files that vanished" }
yanked_file_count = { type = "BIGINT", unit = "count", meaning = "files that were yanked" }
unyanked_file_count = { type = "BIGINT", unit = "count", meaning = "files whose yank was taken back" }
changed_file_count = { type = "BIGINT", unit = "count", meaning = "files whose digest, size, time or release changed, which should never happen" }
is_recreated = { type = "BOOLEAN", meaning = "a file came under another name after one had gone: the release was made again" }
longest_lag_us = { type = "BIGINT", unit = "microseconds", meaning = "of the files that came and are listed now; null: no such file has a time" }
filenames = { type = "VARCHAR[]", meaning = "the files that this is about, by name" }
first_seen_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "start of the first of these crawls" }
last_seen_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "start of the last of these crawls" }
last_crawl_id = { type = "VARCHAR", meaning = "its id" }
*/
with seen as (
    select event.*, file.file_number, file.lag_us
    from events as event
    left join file_lags as file
        on
            event.event = 'appeared'
            and file.project = event.project
            and file.version = event.version
            and file.filename = event.filename
    where
        (
            event.event != 'appeared'
            or event.is_known_release
            -- A release that was gone for a while, or was deleted and made again, is not a new one.
            or (event.project, event.version, event.filename, event.crawl_id) in (
                select (project, version, filename, crawl_id) from gains
            )
            or (event.project, event.version, event.filename) in (
                select (project, version, appeared_filename) from recreations
            )
        )
        and event.seen_at is not null
        and ($since_at::timestamptz is null or event.seen_at >= $since_at::timestamptz)
        and ($project::varchar is null or event.project = $project::varchar)
),

late as (
    select *, has_build_tag_without_base or is_out_of_order or coalesce(lost_provenance, false) as has_sign
    from late_reasons(days($window_days))
),

reached as (
    select file_number, sum(environment_count) as environment_count, any_value(filename_before) as filename_before
    from late_picks(days($window_days), $environment::varchar)
    where effect = 'displaces'
    group by file_number
),

recreated as (
    select project, version, max(appeared_crawl_id) as crawl_id
    from recreations
    where $since_at::timestamptz is null or appeared_at >= $since_at::timestamptz
    group by project, version
),

releases_seen as (
    select
        seen.project,
        seen.version,
        count(distinct seen.filename) filter (event = 'appeared') as appeared_file_count,
        count(distinct late.file_number) as late_file_count,
        count(distinct seen.filename) filter (event = 'vanished') as vanished_file_count,
        count(distinct seen.filename) filter (event = 'yanked') as yanked_file_count,
        count(distinct seen.filename) filter (event = 'unyanked') as unyanked_file_count,
        count(distinct seen.filename) filter (event = 'changed') as changed_file_count,
        count(recreated.crawl_id) > 0 as is_recreated,
        max(seen.lag_us) as longest_lag_us,
        count(distinct reached.file_number) as displacing_file_count,
        coalesce(bool_or(late.has_sign), false) as has_sign,
        max(seen.reason) filter (event = 'yanked') as yanked_reason,
        list_sort(list(distinct seen.filename)) as filenames,
        min(seen.seen_at) as first_seen_at,
        max(seen.seen_at) as last_seen_at,
        max(seen.crawl_id) as last_crawl_id
    from seen
    left join late on late.file_number = seen.file_number
    left join reached on reached.file_number = seen.file_number
    left join recreated on recreated.project = seen.project and recreated.version = seen.version
    group by seen.project, seen.version
),

alarmed as (
    select
        *,
        case
            when displacing_file_count > 0 then 'displaces'
            when has_sign or is_recreated or changed_file_count > 0 then 'sign'
            when late_file_count > 0 then 'late'
            else 'other'
        end as alarm,
        concat_ws(
            '; ',
            if(
                appeared_file_count > 0,
                format('{:,} file{} came', appeared_file_count, if(appeared_file_count = 1, '', 's'))
                || if(
                    late_file_count > 0,
                    format(
                        ', {:,} late, up to {:,} days after the first', late_file_count, longest_lag_us // days(1)
                    ),
                    ''
                ),
                null
            ),
            if(displacing_file_count > 0, format('{:,} taken where another wheel was', displacing_file_count), null),
            if(has_sign, 'with a sign that deserves a look', null),
            if(is_recreated, 'made again: files went and others came', null),
            if(changed_file_count > 0, format('{:,} changed content, time or release', changed_file_count), null),
            if(vanished_file_count > 0, format('{:,} went', vanished_file_count), null),
            if(yanked_file_count > 0, format('{:,} yanked', yanked_file_count) || coalesce(': ' || yanked_reason, ''), null),
            if(unyanked_file_count > 0, format('{:,} yanked no more', unyanked_file_count), null)
        ) as why
    from releases_seen
)

select
    project,
    version,
    alarm,
    why,
    appeared_file_count,
    late_file_count,
    vanished_file_count,
    yanked_file_count,
    unyanked_file_count,
    changed_file_count,
    is_recreated,
    longest_lag_us,
    filenames,
    first_seen_at,
    last_seen_at,
    last_crawl_id
from alarmed
order by list_position(['displaces', 'sign', 'late', 'other'], alarm), last_seen_at desc, project, version
