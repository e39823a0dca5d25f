/*
question = "How many files of each release would each proposed rule have refused?"
grain = "one row for each rule, window and release with a refused file"
order = "none: it is a relation to query"
source = "grown_files and policy_windows"
caveat = "Each rule refuses all files of a release from one on, so the simulation needs no loop: once a file is refused for its gap, the next is further still from the last accepted one, and what is superseded stays so. A property test walks releases in plain Python."
uses = ["grown_files", "policy_windows"]
is_shared = true

[columns]
policy_number = { type = "INTEGER", meaning = "the rule's place in the list of rules" }
window_us = { type = "BIGINT", unit = "microseconds", meaning = "the window; 0: the rule has none" }
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
project_number = { type = "BIGINT", meaning = "stands for the project where projects are counted" }
file_count = { type = "BIGINT", unit = "count", meaning = "files that the rule would have refused: the last ones of the release" }
*/
-- Each file is refused by every window shorter than its limit; null: by none.
with limits as (
    select
        release_number,
        project_number,
        unnest([
            (1, lag_us),
            (2, widest_gap_us),
            (3, if(is_superseded, 9223372036854775807, null)),
            (4, if(is_superseded_by_any, 9223372036854775807, null)),
            (5, if(is_superseded, 9223372036854775807, lag_us)),
            (6, if(is_superseded, lag_us, null)),
            (7, if(is_superseded, 9223372036854775807, widest_gap_us)),
            (8, widest_superseded_gap_us)
        ]::struct(policy_number integer, limit_us bigint)[], recursive := true)
    from grown_files
)

select
    policy_windows.policy_number,
    policy_windows.window_us,
    limits.release_number,
    any_value(limits.project_number) as project_number,
    count(*) as file_count
from limits
join policy_windows
    on policy_windows.policy_number = limits.policy_number
    and limits.limit_us > policy_windows.window_us
where limits.limit_us > 3600000000
group by policy_windows.policy_number, policy_windows.window_us, limits.release_number
