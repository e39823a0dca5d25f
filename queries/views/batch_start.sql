/*
question = "At which lag did a late file's batch begin?"
grain = "one row"
order = "none: one row"
source = "docs/glossary.md: a batch is late files of one release with no gap of more than 24 hours between neighbours; cluster_us of grown_files says where the last such gap ended, late or not"
caveat = "A file is late if its lag is at least least_us: a file that is not late begins no batch, though it can be near."
is_formula = true
portable = true

[parameters]
cluster_us = { type = "INTEGER", unit = "microseconds", meaning = "cluster_us of grown_files: the lag of the last file, this one or one before, that came more than 24 hours after the one before it; 0: none did" }
least_us = { type = "INTEGER", unit = "microseconds", meaning = "the least lag of the release's late files" }

[columns]
batch_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the first file of the batch" }
*/
select (case when $cluster_us > $least_us then $cluster_us else $least_us end)::bigint as batch_us
