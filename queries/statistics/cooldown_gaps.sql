/*
question = "How many late files does a cooldown of 3, 7 or 14 days let pass at once, and how many hide a good release, by which rule?"
grain = "one row for each cooldown and rule"
order = "cooldowns ascending, then the rules"
source = "cooldown_outcomes and release_history; docs/cooldowns.md has the source of each rule"
caveat = "This looks at the moment of each upload, for a tool that holds back young files by one of four rules. Late is a lag greater than the cooldown. It says what a rule does with a file, not that the file is bad. Files that are listed now; pins by hash, exceptions and caches are left out."
uses = ["cooldown_outcomes", "release_history", "cooldown_rules", "days"]
in_table = ["cooldown_days", "rule", "late_files", "passing_file_count", "passing_share", "hiding_file_count", "hiding_release_count", "held_file_count"]
portable = true

[columns]
cooldown_days = { type = "INTEGER", unit = "days", meaning = "the cooldown: what is at most this old is held" }
rule = { type = "VARCHAR", meaning = "whose age it reads: per-file: the file's own; earliest-of-release: that of the release's earliest file; last-by-filename: that of its last file by filename; newest-of-release: that of its newest file" }
late_files = { type = "BIGINT", meaning = "files with a lag greater than the cooldown: the denominator" }
late_releases = { type = "BIGINT", meaning = "releases with such a file" }
late_projects = { type = "BIGINT", meaning = "projects with such a file" }
passing_file_count = { type = "BIGINT", unit = "count", meaning = "late files that pass at once: when they come, the age that the rule reads is greater than the cooldown" }
passing_share = { type = "DOUBLE", unit = "share", meaning = "passing_file_count / late_files" }
passing_release_count = { type = "BIGINT", unit = "count", meaning = "releases with such a file" }
passing_project_count = { type = "BIGINT", unit = "count", meaning = "projects with such a file" }
hiding_file_count = { type = "BIGINT", unit = "count", meaning = "late files that hide a good release: that age was greater than the cooldown just before they came, and is not when they come" }
hiding_share = { type = "DOUBLE", unit = "share", meaning = "hiding_file_count / late_files" }
hiding_release_count = { type = "BIGINT", unit = "count", meaning = "releases that are hidden so, once or more" }
hiding_project_count = { type = "BIGINT", unit = "count", meaning = "projects with such a release" }
held_file_count = { type = "BIGINT", unit = "count", meaning = "the other late files: they wait, and hide nothing that was not held already" }
later_file_count = { type = "BIGINT", unit = "count", meaning = "files uploaded after the first of their release, which alone can be late" }
releases = { type = "BIGINT", meaning = "releases with a timed file: the denominator of the counts of releases" }
projects = { type = "BIGINT", meaning = "projects with a timed file: the denominator of the counts of projects" }
*/
with in_all as (
    select
        coalesce(sum(release_history.later_file_count), 0)::bigint as later_file_count,
        count(*) as releases,
        count(distinct project_number) as projects
    from release_history
),

outcomes as (
    select 3 as cooldown_days, file_number, release_number, project_number, rule_number, outcome
    from cooldown_outcomes(days(3))
    union all
    select 7, file_number, release_number, project_number, rule_number, outcome
    from cooldown_outcomes(days(7))
    union all
    select 14, file_number, release_number, project_number, rule_number, outcome
    from cooldown_outcomes(days(14))
),

rules as (
    select cooldown_rules.rule_number, cooldown_rules.rule, cooldowns.cooldown_days
    from cooldown_rules
    cross join (values (3), (7), (14)) as cooldowns (cooldown_days)
),

counts as (
    select
        rules.cooldown_days,
        rules.rule_number,
        rules.rule,
        count(late.file_number) as late_files,
        count(distinct late.release_number) as late_releases,
        count(distinct late.project_number) as late_projects,
        count(case when late.outcome = 'passes' then 1 end) as passing_file_count,
        count(distinct case when late.outcome = 'passes' then late.release_number end) as passing_release_count,
        count(distinct case when late.outcome = 'passes' then late.project_number end) as passing_project_count,
        count(case when late.outcome = 'hides' then 1 end) as hiding_file_count,
        count(distinct case when late.outcome = 'hides' then late.release_number end) as hiding_release_count,
        count(distinct case when late.outcome = 'hides' then late.project_number end) as hiding_project_count,
        count(case when late.outcome = 'held' then 1 end) as held_file_count
    from rules
    left join outcomes as late
        on late.cooldown_days = rules.cooldown_days and late.rule_number = rules.rule_number
    group by rules.cooldown_days, rules.rule_number, rules.rule
)

select
    counts.cooldown_days,
    counts.rule,
    counts.late_files,
    counts.late_releases,
    counts.late_projects,
    counts.passing_file_count,
    counts.passing_file_count / nullif(counts.late_files, 0) as passing_share,
    counts.passing_release_count,
    counts.passing_project_count,
    counts.hiding_file_count,
    counts.hiding_file_count / nullif(counts.late_files, 0) as hiding_share,
    counts.hiding_release_count,
    counts.hiding_project_count,
    counts.held_file_count,
    in_all.later_file_count,
    in_all.releases,
    in_all.projects
from counts
cross join in_all
order by counts.cooldown_days, counts.rule_number
