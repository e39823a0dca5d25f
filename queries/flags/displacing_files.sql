/*
question = "Which late files do installers pick where they picked another wheel before?"
grain = "one row for each late file that displaces a wheel in an environment"
order = "most environments first, then longest lag, then filename"
source = "late_picks and the environments"
caveat = "Displacing says nothing about intent: a better fit for the same machine displaces too. Only a hash pin protects from it. Environments are those of today unless others are asked for; a file counts as yanked if it is yanked now."
uses = ["late_picks", "days"]
in_table = ["filename", "filename_before", "environment_count", "reason", "lag_us"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }
project = { type = "VARCHAR", meaning = "only this project; null: all" }
environment = { type = "VARCHAR", default = "today", meaning = "which environments: today, past, all (both), or the name of one" }

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the late file: what is picked now" }
filename_before = { type = "VARCHAR", meaning = "what was picked before its batch in the example environment" }
environment_count = { type = "BIGINT", unit = "count", meaning = "environments in which it displaces a wheel" }
environment = { type = "VARCHAR", meaning = "one of them, for example" }
other_environment_count = { type = "BIGINT", unit = "count", meaning = "further environments in which it is picked where nothing or an sdist was before" }
reason = { type = "VARCHAR", meaning = "why it is late" }
uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when it was uploaded" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release, exact" }
*/
with displaced as (
    select
        project,
        version,
        filename,
        arg_min(filename_before, environment_number) filter (effect = 'displaces') as filename_before,
        coalesce(sum(environment_count) filter (effect = 'displaces'), 0)::bigint as environment_count,
        min(environment_number) filter (effect = 'displaces') as environment_number,
        coalesce(sum(environment_count) filter (effect != 'displaces'), 0)::bigint as other_environment_count,
        any_value(reason) as reason,
        any_value(uploaded_at) as uploaded_at,
        any_value(lag_us) as lag_us
    from late_picks(days($window_days), $environment::varchar)
    where $project::varchar is null or project = $project::varchar
    group by project, version, filename
)

select
    displaced.project,
    displaced.version,
    displaced.filename,
    displaced.filename_before,
    displaced.environment_count,
    environments.environment,
    displaced.other_environment_count,
    displaced.reason,
    displaced.uploaded_at,
    displaced.lag_us
from displaced
join environments using (environment_number)
where displaced.environment_count > 0
order by displaced.environment_count desc, displaced.lag_us desc, displaced.filename, displaced.project, displaced.version
