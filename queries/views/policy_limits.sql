/*
question = "Up to which window would each proposed rule have refused a file?"
grain = "one row for each rule and each file that came more than an hour after the first of its release, or after a greater stable release"
order = "none: it is a relation to query"
source = "grown_files"
caveat = "Each rule refuses all files of a release from one on, so the simulation needs no loop: once a file is refused for its gap, the next is further still from the last accepted one, and what is superseded stays so."
uses = ["grown_files"]

[columns]
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
project_number = { type = "BIGINT", meaning = "stands for the project where projects are counted" }
policy_number = { type = "INTEGER", meaning = "the rule's place in the list of rules" }
limit_us = { type = "BIGINT", unit = "microseconds", meaning = "every window shorter than this refuses the file; null: none does" }
*/
select
    file_number,
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
