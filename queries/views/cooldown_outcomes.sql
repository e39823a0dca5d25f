/*
question = "What does each rule of a cooldown do with a late file?"
grain = "one row for each rule and each file with a lag greater than the cooldown"
order = "none: it is a relation to query"
source = "cooldown_ages; docs/cooldowns.md has the source of each rule"
caveat = "At the moment of the file's upload. Files with a lag of at most the cooldown are left out: no rule lets them pass, and they hide nothing. At exactly the cooldown some tools take a file and some do not: here it waits."
uses = ["cooldown_ages", "cooldown_rules"]
portable = true

[parameters]
cooldown_us = { type = "INTEGER", default = 1209600000000, minimum = 86400000000, unit = "microseconds", meaning = "the cooldown: what is at most this old is held" }

[columns]
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
project_number = { type = "BIGINT", meaning = "a number for the project, to count projects by" }
rule_number = { type = "INTEGER", meaning = "the rule's place in the list" }
rule = { type = "VARCHAR", meaning = "whose age it reads: per-file: the file's own; earliest-of-release: that of the release's earliest file; last-by-filename: that of its last file by filename; newest-of-release: that of its newest file" }
tools = { type = "VARCHAR", meaning = "the tools that have the rule; docs/cooldowns.md has the source and date of each" }
outcome = { type = "VARCHAR", meaning = "passes: that age is greater than the cooldown, so nobody waits for the file; hides: it is not, and just before the file it was: the whole release, good until then, is held again; held: the file waits, and hides nothing that was not held already" }
*/
-- Per file only the file itself can be held. By its earliest file an old release stays old.
with ages as (
    select
        late.file_number,
        late.release_number,
        late.project_number,
        rules.rule_number,
        rules.rule,
        rules.tools,
        case
            when rules.rule_number = 2 then late.lag_us
            when rules.rule_number = 3 then late.named_age_us
            else 0
        end as age_us,
        case
            when rules.rule_number = 3 then late.named_before_us
            when rules.rule_number = 4 then late.newest_before_us
        end as age_before_us
    from cooldown_ages as late
    cross join cooldown_rules as rules
    where late.lag_us > $cooldown_us
)

select
    file_number,
    release_number,
    project_number,
    rule_number,
    rule,
    tools,
    case when age_us > $cooldown_us then 'passes' when age_before_us > $cooldown_us then 'hides' else 'held' end as outcome
from ages
