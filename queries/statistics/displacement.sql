/*
question = "Whom do late files reach: how often do installers pick one, and what did they pick before?"
grain = "one row for all late files, one for each reason, one for each year of upload"
order = "all, then reasons in the order in which they are tried, then years"
source = "late_reasons, late_picks and the environments"
caveat = "A file counts once for each effect that it has in any environment, so that the effects can add up to more than the late files. Files that no environment picks are the rest: outranked, or for interpreters that are not simulated. Environments are those of today unless others are asked for; a file counts as yanked if it is yanked now."
uses = ["late_reasons", "late_picks", "days", "is_asked", "known_reasons", "utc"]
in_table = ["value", "late_files", "displacing_file_count", "displacing_release_count", "displacing_project_count", "displacing_share", "builds_no_more_file_count", "new_file_count"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }
environment = { type = "VARCHAR", default = "today", meaning = "which environments: today, past, all (both), or the name of one" }

[columns]
counted = { type = "VARCHAR", meaning = "all, reason or year" }
value = { type = "VARCHAR", meaning = "all, the reason, or the year" }
late_files = { type = "BIGINT", meaning = "late files: the denominator" }
late_releases = { type = "BIGINT", meaning = "releases with such a file" }
late_projects = { type = "BIGINT", meaning = "projects with such a file" }
displacing_file_count = { type = "BIGINT", unit = "count", meaning = "late files that are picked somewhere where another wheel was picked before" }
displacing_release_count = { type = "BIGINT", unit = "count", meaning = "releases with such a file" }
displacing_project_count = { type = "BIGINT", unit = "count", meaning = "projects with such a file" }
displacing_share = { type = "DOUBLE", unit = "share", meaning = "displacing_file_count / late_files" }
builds_no_more_file_count = { type = "BIGINT", unit = "count", meaning = "late files that are picked somewhere where an sdist had to be built before" }
builds_no_more_release_count = { type = "BIGINT", unit = "count", meaning = "releases with such a file" }
builds_no_more_project_count = { type = "BIGINT", unit = "count", meaning = "projects with such a file" }
new_file_count = { type = "BIGINT", unit = "count", meaning = "late files that are picked somewhere where nothing could be installed before" }
new_release_count = { type = "BIGINT", unit = "count", meaning = "releases with such a file" }
new_project_count = { type = "BIGINT", unit = "count", meaning = "projects with such a file" }
other_sdist_file_count = { type = "BIGINT", unit = "count", meaning = "late sdists that are picked somewhere where another sdist was picked before" }
no_effect_file_count = { type = "BIGINT", unit = "count", meaning = "late files that are picked in no environment" }
environment_count = { type = "BIGINT", unit = "count", meaning = "environments that were asked" }
*/
with effects as (
    select
        file_number,
        bool_or(effect = 'displaces') as displaces,
        bool_or(effect = 'builds-no-more') as builds_no_more,
        bool_or(effect = 'new') as is_new,
        bool_or(effect = 'other-sdist') as is_other_sdist
    from late_picks(days($window_days), $environment::varchar)
    group by file_number
),

late as materialized (
    select
        why.project_number,
        why.release_number,
        why.reason,
        year(utc(why.uploaded_at))::varchar as uploaded_year,
        effects.*
    from late_reasons(days($window_days)) as why
    left join effects using (file_number)
),

known as (
    select 'all' as counted, 'all' as value, 0 as place
    union all
    select 'reason', reason, place from known_reasons
    union all
    select distinct 'year', uploaded_year, uploaded_year::integer from late
)

select
    known.counted,
    known.value,
    count(late.project_number) as late_files,
    count(distinct late.release_number) as late_releases,
    count(distinct late.project_number) as late_projects,
    count(*) filter (late.displaces) as displacing_file_count,
    count(distinct late.release_number) filter (late.displaces) as displacing_release_count,
    count(distinct late.project_number) filter (late.displaces) as displacing_project_count,
    displacing_file_count / nullif(late_files, 0) as displacing_share,
    count(*) filter (late.builds_no_more) as builds_no_more_file_count,
    count(distinct late.release_number) filter (late.builds_no_more) as builds_no_more_release_count,
    count(distinct late.project_number) filter (late.builds_no_more) as builds_no_more_project_count,
    count(*) filter (late.is_new) as new_file_count,
    count(distinct late.release_number) filter (late.is_new) as new_release_count,
    count(distinct late.project_number) filter (late.is_new) as new_project_count,
    count(*) filter (late.is_other_sdist) as other_sdist_file_count,
    late_files - count(late.displaces) as no_effect_file_count,
    (
        select count(*)
        from environments
        where is_asked(environment, era, $environment::varchar)
    ) as environment_count
from known
left join late
    on known.counted = 'all'
    or (known.counted = 'reason' and late.reason = known.value)
    or (known.counted = 'year' and late.uploaded_year = known.value)
group by known.counted, known.value, known.place
order by array_position(['all', 'reason', 'year'], known.counted), known.place
