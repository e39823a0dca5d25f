/*
question = "How many displacements would each proposed rule have prevented, and how many useful late files would it have cost?"
grain = "one row for each rule and window"
order = "rules in the order of the list, windows ascending"
source = "policy_refusals, policy_windows, grown_files, grown_candidates, grown_histories and effect_of"
caveat = "Here the refused files are treated as the late ones, as in policy-reasons. A file counts once for each effect that it would have had in any environment; it can be prevented and useful at once. Environments are those of today unless others are asked for; a file counts as yanked if it is yanked now."
uses = ["policy_refusals", "policy_windows", "grown_candidates", "grown_histories", "effect_of", "pick_at", "refused_cuts"]
in_table = ["policy", "window", "refused_files", "displacing_file_count", "builds_no_more_file_count", "new_file_count"]

[parameters]
environment = { type = "VARCHAR", default = "today", meaning = "which environments: today, past, all (both), or the name of one" }

[columns]
policy = { type = "VARCHAR", meaning = "the rule" }
window = { type = "VARCHAR", meaning = "the rule's window; null: it has none" }
refused_files = { type = "BIGINT", meaning = "files that the rule would have refused: the denominator" }
displacing_file_count = { type = "BIGINT", unit = "count", meaning = "refused files that displace a wheel somewhere: prevented" }
displacing_release_count = { type = "BIGINT", unit = "count", meaning = "releases with such a file" }
displacing_project_count = { type = "BIGINT", unit = "count", meaning = "projects with such a file" }
displacing_share = { type = "DOUBLE", unit = "share", meaning = "displacing_file_count / refused_files" }
builds_no_more_file_count = { type = "BIGINT", unit = "count", meaning = "refused files that save a build somewhere: lost" }
builds_no_more_release_count = { type = "BIGINT", unit = "count", meaning = "releases with such a file" }
builds_no_more_project_count = { type = "BIGINT", unit = "count", meaning = "projects with such a file" }
new_file_count = { type = "BIGINT", unit = "count", meaning = "refused files that are the first that can be installed somewhere: lost" }
new_release_count = { type = "BIGINT", unit = "count", meaning = "releases with such a file" }
new_project_count = { type = "BIGINT", unit = "count", meaning = "projects with such a file" }
no_effect_file_count = { type = "BIGINT", unit = "count", meaning = "refused files that are picked in no environment" }
*/
with batches as (
    select
        refused.release_number,
        refused.file_count,
        min(candidate.place) as from_place,
        max(candidate.place) as to_place
    from refused_cuts as refused
    left join grown_candidates as candidate on candidate.file_number = refused.file_number
    group by refused.release_number, refused.file_count, refused.batch_us
),

changed as (
    select distinct
        batches.release_number,
        batches.file_count,
        pick_at(history.places, batches.to_place) as place,
        pick_at(history.places, batches.from_place - 1) as place_before
    from batches
    join grown_histories($environment::varchar) as history using (release_number)
    where pick_at(history.places, batches.to_place) >= batches.from_place
),

effects as (
    select
        changed.release_number,
        changed.file_count,
        changed.place,
        bool_or(effect_of(before.is_wheel, picked.is_wheel) = 'displaces') as displaces,
        bool_or(effect_of(before.is_wheel, picked.is_wheel) = 'builds-no-more') as builds_no_more,
        bool_or(effect_of(before.is_wheel, picked.is_wheel) = 'new') as is_new
    from changed
    join grown_candidates as picked
        on picked.release_number = changed.release_number and picked.place = changed.place
    left join grown_candidates as before
        on before.release_number = changed.release_number and before.place = changed.place_before
    group by changed.release_number, changed.file_count, changed.place
),

per_cut as (
    select
        release_number,
        file_count,
        count(*) as picked,
        count(*) filter (displaces) as displacing,
        count(*) filter (builds_no_more) as builds_no_more,
        count(*) filter (is_new) as new
    from effects
    group by release_number, file_count
),

refused as (
    select policy_number, window_us, sum(file_count)::bigint as refused_files
    from policy_refusals
    group by policy_number, window_us
),

reached as (
    select
        policy_number,
        window_us,
        sum(picked)::bigint as picked_files,
        sum(displacing)::bigint as displacing_file_count,
        count(*) filter (displacing > 0) as displacing_release_count,
        count(distinct project_number) filter (displacing > 0) as displacing_project_count,
        sum(builds_no_more)::bigint as builds_no_more_file_count,
        count(*) filter (builds_no_more > 0) as builds_no_more_release_count,
        count(distinct project_number) filter (builds_no_more > 0) as builds_no_more_project_count,
        sum(new)::bigint as new_file_count,
        count(*) filter (new > 0) as new_release_count,
        count(distinct project_number) filter (new > 0) as new_project_count
    from policy_refusals
    join per_cut using (release_number, file_count)
    group by policy_number, window_us
)

select
    policy_windows.policy,
    policy_windows.window_name as "window",
    coalesce(refused.refused_files, 0) as refused_files,
    coalesce(reached.displacing_file_count, 0) as displacing_file_count,
    coalesce(reached.displacing_release_count, 0) as displacing_release_count,
    coalesce(reached.displacing_project_count, 0) as displacing_project_count,
    coalesce(reached.displacing_file_count, 0) / nullif(refused.refused_files, 0) as displacing_share,
    coalesce(reached.builds_no_more_file_count, 0) as builds_no_more_file_count,
    coalesce(reached.builds_no_more_release_count, 0) as builds_no_more_release_count,
    coalesce(reached.builds_no_more_project_count, 0) as builds_no_more_project_count,
    coalesce(reached.new_file_count, 0) as new_file_count,
    coalesce(reached.new_release_count, 0) as new_release_count,
    coalesce(reached.new_project_count, 0) as new_project_count,
    coalesce(refused.refused_files, 0) - coalesce(reached.picked_files, 0) as no_effect_file_count
from policy_windows
left join refused using (policy_number, window_us)
left join reached using (policy_number, window_us)
order by policy_windows.policy_number, policy_windows.window_us
