/*
question = "Which files of a release would a proposed rule refuse, and in which batches did they come?"
grain = "one row for each cut (a number of last files of a release that some rule refuses) and each file in it"
order = "none: it is a relation to query"
source = "policy_refusals and grown_files"
caveat = "The refused files are the last of their release, and many rules refuse the same: each cut is here once."
uses = ["policy_refusals", "grown_files", "batch_start"]
is_shared = true

[columns]
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
file_count = { type = "BIGINT", unit = "count", meaning = "files that are refused: the release's last" }
file_number = { type = "BIGINT", meaning = "one of them, in files.parquet" }
kind = { type = "VARCHAR", meaning = "kind of the file" }
wheel_us = { type = "BIGINT", unit = "microseconds", meaning = "see grown_files" }
batch_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the first file of its batch" }
*/
with cuts as (select distinct release_number, file_count from policy_refusals),

refused as (
    select
        file.release_number,
        cuts.file_count,
        file.file_number,
        file.kind,
        file.wheel_us,
        file.cluster_us,
        min(file.lag_us) over (partition by cuts.release_number, cuts.file_count) as least_us
    from cuts
    join grown_files as file
        on file.release_number = cuts.release_number and file.number_from_end <= cuts.file_count
)

select release_number, file_count, file_number, kind, wheel_us, batch_start(cluster_us, least_us) as batch_us
from refused
