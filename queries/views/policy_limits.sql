/*
question = "Up to which window would each proposed rule have refused a file?"
grain = "one row for each rule and each file that came more than an hour after the first of its release, or after a greater stable release"
order = "none: it is a relation to query"
source = "grown_files"
caveat = "Each rule refuses all files of a release from one on, so the simulation needs no loop: once a file is refused for its gap, the next is further still from the last accepted one, and what is superseded stays so."
uses = ["grown_files", "policy_rules"]
portable = true

[columns]
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
project_number = { type = "BIGINT", meaning = "a number for the project, to count projects by" }
policy_number = { type = "INTEGER", meaning = "the rule's place in the list of rules" }
limit_us = { type = "BIGINT", unit = "microseconds", meaning = "every window shorter than this refuses the file; null: none does" }
*/
select
    file.file_number,
    file.release_number,
    file.project_number,
    rules.policy_number,
    case
        when rules.policy_number = 1 then file.lag_us
        when rules.policy_number = 2 then file.widest_gap_us
        when rules.policy_number = 4 and file.is_superseded_by_any then 9223372036854775807::bigint
        when rules.policy_number in (3, 5, 7) and file.is_superseded then 9223372036854775807::bigint
        when rules.policy_number = 5 then file.lag_us
        when rules.policy_number = 6 and file.is_superseded then file.lag_us
        when rules.policy_number = 7 then file.widest_gap_us
        when rules.policy_number = 8 then file.widest_superseded_gap_us
    end as limit_us
from grown_files as file
cross join policy_rules as rules
