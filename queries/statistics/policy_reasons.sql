/*
question = "Late files of which reasons would each proposed rule have refused: which useful uploads does it cost, and what does it stop?"
grain = "one row for each rule, window and reason"
order = "rules in the order of the list, windows ascending, reasons in the order in which they are tried"
source = "policy_refusals, policy_windows, grown_files, grown_tags and reason_of"
caveat = "Here the refused files are treated as the late ones: a batch begins at the first of them, or after a gap of more than 24 hours."
uses = ["policy_refusals", "policy_windows", "grown_tags", "reason_of", "known_reasons", "refused_cuts"]
in_table = ["policy", "window", "reason", "refused_files", "affected_releases", "refused_share"]

[columns]
policy = { type = "VARCHAR", meaning = "the rule, as in policies" }
window = { type = "VARCHAR", meaning = "the rule's window; null: it has none" }
reason = { type = "VARCHAR", meaning = "why the file came, as in reasons" }
refused_files = { type = "BIGINT", meaning = "files of this reason that the rule would have refused" }
affected_releases = { type = "BIGINT", meaning = "releases with such a file" }
refused_share = { type = "DOUBLE", unit = "share", meaning = "refused_files / all_refused_file_count" }
all_refused_file_count = { type = "BIGINT", unit = "count", meaning = "files of every reason that the rule would have refused: the denominator" }
*/
with explained as (
    select
        file.release_number,
        file.file_count,
        reason_of(
            file.kind,
            file.batch_us,
            file.wheel_us,
            tags.same_tags_us,
            tags.fitted_us,
            tags.python_us,
            tags.platform_us,
            tags.pair_us
        ) as reason,
        count(*) as files
    from refused_cuts as file
    left join grown_tags as tags on tags.file_number = file.file_number
    group by all
),

counts as (
    select policy_number, window_us, reason, sum(files)::bigint as refused_files, count(*) as affected_releases
    from policy_refusals
    join explained using (release_number, file_count)
    group by policy_number, window_us, reason
)

select
    policy_windows.policy,
    policy_windows.window_name as "window",
    known.reason,
    coalesce(counts.refused_files, 0) as refused_files,
    coalesce(counts.affected_releases, 0) as affected_releases,
    coalesce(counts.refused_files, 0) / sum(counts.refused_files) over (partition by policy_number, window_us) as refused_share,
    coalesce(sum(counts.refused_files) over (partition by policy_number, window_us), 0)::bigint as all_refused_file_count
from policy_windows
cross join known_reasons as known
left join counts using (policy_number, window_us, reason)
order by policy_windows.policy_number, policy_windows.window_us, known.place
