/*
question = "What is known about each file that a scanned lock pins, or that an installer takes where it pins none?"
grain = "one row for each pin and file that it names or that an environment takes; one for a pin that no file of the index fits"
order = "none: it is a relation to query"
source = "scan_pins, which only a scan fills (else empty), pin_files, pin_picks, file_lags, late_reasons, late_picks, policy_limits, policy_windows, cooldown_outcomes, recreations, release_history, events and projects"
caveat = "A file's effect is that of its release's picks, whatever else the pin names. Files that vanished before the first crawl are not seen."
uses = ["pin_files", "pin_picks", "file_lags", "late_reasons", "late_picks", "policy_limits", "cooldown_outcomes", "recreations", "release_history", "days", "is_reached", "policy_rules"]

[parameters]
least_lag_us = { type = "INTEGER", default = 1209600000000, minimum = 3600000000, unit = "microseconds", meaning = "the window: late is what has a greater lag" }
cooldown_us = { type = "INTEGER", default = 1209600000000, minimum = 86400000000, unit = "microseconds", meaning = "the cooldown: what is at most this old is held" }
environment_ = { type = "VARCHAR", default = "today", meaning = "which environments: today, past, all (both), or the name of one" }
is_fresh = { type = "BOOLEAN", default = false, meaning = "the index was asked after the inputs were made" }
is_taken = { type = "BOOLEAN", default = false, meaning = "only what one of the environments takes, also of pins that name files" }

[columns]
pin_number = { type = "BIGINT", meaning = "the pin" }
source = { type = "VARCHAR", meaning = "the input, as it was named" }
line = { type = "BIGINT", meaning = "its line, from 1; null: it has none" }
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it; of a file that it does not list, as the pin spells it; null: the pin allows a range, and nothing in it was found" }
filename = { type = "VARCHAR", meaning = "name of the file; null: none is named, and none is taken" }
pinned_by = { type = "VARCHAR", meaning = "hash, filename, version or range: what decides which file is installed" }
is_named = { type = "BOOLEAN", meaning = "the pin names a file, or its SHA-256" }
is_inferred = { type = "BOOLEAN", meaning = "the input names no file: what is installed says which it was" }
locked_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when the input was made; null: unknown" }
file_number = { type = "BIGINT", meaning = "the file in files.parquet; null: it is not listed" }
release_number = { type = "BIGINT", meaning = "its release; null: it is not listed" }
is_reached = { type = "BOOLEAN", meaning = "the last request for its project had a usable answer; false also if there was none" }
is_current = { type = "BOOLEAN", meaning = "the index was asked, or its page was recorded, after the input was made: what it does not list is gone, not new" }
is_release_known = { type = "BOOLEAN", meaning = "the index lists a release that the pin allows" }
uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when it was uploaded; null: not given" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of the release" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release" }
is_late = { type = "BOOLEAN", meaning = "its lag is greater than the window; null: not known" }
lag_text = { type = "VARCHAR", meaning = "the lag in whole days, for a sentence" }
reason = { type = "VARCHAR", meaning = "why it is late: see reason_of; null: it is not" }
first_seen_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "start of the crawl that saw it first" }
appeared_after_lock = { type = "BOOLEAN", meaning = "it was uploaded after the input was made; null: not known" }
effect = { type = "VARCHAR", meaning = "of a late file: displaces, builds-no-more, other-sdist or new, the first of these that it has in an environment: see effect_of; null: it is taken in none" }
picked_before = { type = "VARCHAR", meaning = "where it has that effect: what was taken before; null: nothing" }
environments = { type = "VARCHAR[]", meaning = "those that take it, of what the pin allows" }
refused_by = { type = "VARCHAR[]", meaning = "the proposed rules that would have refused it, with this window" }
cooldown_sees = { type = "VARCHAR[]", meaning = "what a cooldown of each tool did with it: see cooldown_outcomes; empty: its lag is within the cooldown" }
signs = { type = "VARCHAR[]", meaning = "signs that deserve a look, see docs/signs.md: is_superseded and lost_provenance of a late file, has_build_tag_without_base of the file, is_out_of_order of its release" }
is_yanked = { type = "BOOLEAN", meaning = "yanked (PEP 592); null: the source does not say" }
yanked_reason = { type = "VARCHAR", meaning = "why; null: none is given" }
vanished_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "of a file that is not listed: start of the crawl that missed it; null: no crawl ever saw it there" }
recreated_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when a crawl saw a file of the release appear after one of another name had vanished; null: none did" }
index_status = { type = "VARCHAR", meaning = "listed; not listed; vanished; no such release; missing, quarantined: the project; not reached: the last request for it failed; not asked: the dataset does not hold the project" }
*/
with picked as materialized (
    select
        pick.pin_number,
        pick.file_number,
        list(environment.environment order by pick.environment_number) as environments
    from pin_picks($environment_) as pick
    join environments as environment using (environment_number)
    group by pick.pin_number, pick.file_number
),

taken as (
    select pin_number, file_number, picked.environments
    from pin_files
    left join picked using (pin_number, file_number)
    where is_named and (picked.environments is not null or not $is_taken)
    union
    select pin_number, file_number, environments
    from picked
),

taken_files as (
    select taken.*, file.filename, file.sha256
    from taken
    join files as file using (file_number)
),

-- A pin has one row for each file that it names, also if the index does not list the file.
pinned as materialized (
    select
        pin.*,
        taken.file_number,
        taken.environments,
        max(taken.file_number) over (partition by pin.pin_number) as some_file_number
    from scan_pins as pin
    left join taken_files as taken
        on taken.pin_number = pin.pin_number
        and case
            when pin.filename is not null then taken.filename = pin.filename
            when pin.sha256 is not null then taken.sha256 = pin.sha256
            else true
        end
),

bases as (
    select distinct release_number, python_tag, abi_tag, platform_tag
    from files
    where build is null and python_tag is not null
),

late as (
    select * from late_reasons($least_lag_us)
),

effects as (
    select
        file_number,
        arg_min(effect, what) as effect,
        arg_min({name: filename_before}, what).name as filename_before
    from (
        select
            file_number,
            effect,
            filename_before,
            (list_position(['displaces', 'builds-no-more', 'other-sdist', 'new'], effect), environment_number) as what
        from late_picks($least_lag_us, $environment_)
    )
    group by file_number
),

refusals as (
    select file_number, list(policy order by policy_number) as refused_by
    from policy_limits
    join policy_rules using (policy_number)
    where limit_us > $least_lag_us
    group by file_number
),

cooldowns as (
    select file_number, list(tools || ': ' || outcome order by rule_number) as cooldown_sees
    from cooldown_outcomes($cooldown_us)
    group by file_number
),

vanished as (
    select project, filename, max(seen_at) as vanished_at
    from events
    where event = 'vanished'
    group by project, filename
),

recreated as (
    select project, version, max(appeared_at) as recreated_at
    from recreations
    group by project, version
),

known as (
    select distinct pin.pin_number
    from scan_pins as pin
    join dataset.releases as release on release.project = pin.project and list_contains(pin.versions, release.version)
)

select
    pin.pin_number,
    pin.source,
    pin.line,
    pin.project,
    coalesce(file.version, pin.version) as version,
    coalesce(file.filename, pin.filename) as filename,
    pin.pinned_by,
    pin.filename is not null or pin.sha256 is not null as is_named,
    pin.is_inferred,
    pin.locked_at,
    file.file_number,
    file.release_number,
    coalesce(is_reached(project.last_outcome), false) as is_reached,
    ($is_fresh and project.recorded_at is null)
    or coalesce(coalesce(project.recorded_at, project.last_checked_at) >= pin.locked_at, false) as is_current,
    known.pin_number is not null as is_release_known,
    file.uploaded_at,
    file.first_uploaded_at,
    file.lag_us,
    file.lag_us > $least_lag_us as is_late,
    format('{:,} day{}', file.lag_us // days(1), if(file.lag_us // days(1) = 1, '', 's')) as lag_text,
    late.reason,
    file.first_seen_at,
    file.uploaded_at > pin.locked_at as appeared_after_lock,
    effects.effect,
    effects.filename_before as picked_before,
    pin.environments,
    coalesce(refusals.refused_by, []) as refused_by,
    coalesce(cooldowns.cooldown_sees, []) as cooldown_sees,
    list_filter(
        [
            if(late.is_superseded, 'is_superseded', null),
            if(file.build is not null and bases.release_number is null, 'has_build_tag_without_base', null),
            if(release.is_out_of_order, 'is_out_of_order', null),
            if(late.lost_provenance, 'lost_provenance', null)
        ],
        lambda sign: sign is not null
    ) as signs,
    file.is_yanked,
    file.yanked_reason,
    if(file.file_number is null, vanished.vanished_at, null) as vanished_at,
    recreated.recreated_at,
    case
        when file.file_number is not null then 'listed'
        when project.project is null then 'not asked'
        when not is_reached then 'not reached'
        when project.status in ('missing', 'quarantined') then project.status
        when vanished.filename is not null then 'vanished'
        when not is_release_known then 'no such release'
        else 'not listed'
    end as index_status
from pinned as pin
left join file_lags as file on file.file_number = pin.file_number
left join bases
    on bases.release_number = file.release_number
    and bases.python_tag = file.python_tag
    and bases.abi_tag = file.abi_tag
    and bases.platform_tag = file.platform_tag
left join release_history as release on release.release_number = file.release_number
left join projects as project on project.project = pin.project
left join known on known.pin_number = pin.pin_number
left join late on late.file_number = pin.file_number
left join effects on effects.file_number = pin.file_number
left join refusals on refusals.file_number = pin.file_number
left join cooldowns on cooldowns.file_number = pin.file_number
left join vanished on vanished.project = pin.project and vanished.filename = pin.filename
left join recreated on recreated.project = pin.project and recreated.version = coalesce(file.version, pin.version)
-- If only taken files count, files that no environment takes have no row of their own.
where not $is_taken or pin.file_number is not null or pin.some_file_number is null
