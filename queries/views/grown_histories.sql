/*
question = "Which candidates of each grown release were picked, one after the other, and in how many environments?"
grain = "one row for each release and each set of environments that saw the same"
order = "none: it is a relation to query"
source = "grown_picks, the environments"
caveat = "A file counts as yanked if it is yanked now: see picks."
uses = ["grown_picks", "is_asked"]

[parameters]
environment_ = { type = "VARCHAR", default = "today", meaning = "which environments: today, past, all (both), or the name of one" }

[columns]
release_number = { type = "BIGINT", meaning = "a number for project and version, for joins" }
environment_count = { type = "BIGINT", unit = "count", meaning = "environments that saw it" }
environment_number = { type = "BIGINT", meaning = "one of them" }
places = { type = "INTEGER[]", meaning = "places in grown_candidates, ascending: each was picked from its upload on" }
*/
with seen as (
    select release_numbers, unnest(histories) as history
    from grown_picks
),

chosen as (
    select seen.release_numbers, seen.history, environment.environment_number
    from seen
    left join environments as environment on environment.environment = $environment_
    where
        is_asked(null, history.era, $environment_)
        or list_contains(history.environment_numbers, environment.environment_number)
)

select
    unnest(release_numbers) as release_number,
    if(environment_number is null, length(history.environment_numbers), 1) as environment_count,
    coalesce(environment_number, history.environment_numbers[1]) as environment_number,
    history.places as places
from chosen
