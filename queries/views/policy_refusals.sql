/*
question = "How many files of each release would each proposed rule have refused?"
grain = "one row for each rule, window and release with a refused file"
order = "none: it is a relation to query"
source = "policy_limits and policy_windows"
caveat = "policy_limits says why no loop is needed."
uses = ["policy_limits", "policy_windows", "hours"]
is_shared = true
portable = true

[columns]
policy_number = { type = "INTEGER", meaning = "the rule's place in the list of rules" }
window_us = { type = "BIGINT", unit = "microseconds", meaning = "the window; 0: the rule has none" }
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
project_number = { type = "BIGINT", meaning = "a number for the project, to count projects by" }
file_count = { type = "BIGINT", unit = "count", meaning = "files that the rule would have refused: the last ones of the release" }
*/
select
    policy_windows.policy_number,
    policy_windows.window_us,
    limits.release_number,
    min(limits.project_number) as project_number,
    count(*) as file_count
from policy_limits as limits
join policy_windows on policy_windows.policy_number = limits.policy_number
where limits.limit_us > hours(1) and limits.limit_us > policy_windows.window_us
group by policy_windows.policy_number, policy_windows.window_us, limits.release_number
