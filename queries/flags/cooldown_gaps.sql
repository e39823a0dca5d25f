/*
question = "Which late files does a cooldown let pass at once, and which hide a good release, by which rule?"
grain = "one row for each file with a lag greater than the cooldown"
order = "longest lag first, then filename"
source = "cooldown_outcomes and file_lags; docs/cooldowns.md has the source of each rule"
caveat = "This looks at the moment of the upload, for a tool that holds back young files by one of four rules. It says what a rule does with a file, not that the file is bad: most late files are wheels for a new Python. Files that are listed now; pins by hash, exceptions and caches are left out."
uses = ["cooldown_outcomes", "file_lags", "days"]
in_table = ["filename", "per_file", "earliest_of_release", "last_by_filename", "newest_of_release", "lag_us"]
portable = true

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the cooldown, and the allowed lag: a file exactly this late is not late, and what is exactly this old waits" }
project = { type = "VARCHAR", meaning = "only this project; null: all" }

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the late file" }
per_file = { type = "VARCHAR", meaning = "what a rule does that reads the age of each file: always held, for as long as the cooldown" }
earliest_of_release = { type = "VARCHAR", meaning = "the same for the age of the release's earliest file: always passes" }
last_by_filename = { type = "VARCHAR", meaning = "the same for the age of the release's last file by filename: passes, hides (the release was old enough just before) or held" }
newest_of_release = { type = "VARCHAR", meaning = "the same for the age of the release's newest file: hides or held" }
uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when the late file was uploaded" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release, exact" }
*/
with outcomes as (
    select
        file_number,
        max(case when rule = 'per-file' then outcome end) as per_file,
        max(case when rule = 'earliest-of-release' then outcome end) as earliest_of_release,
        max(case when rule = 'last-by-filename' then outcome end) as last_by_filename,
        max(case when rule = 'newest-of-release' then outcome end) as newest_of_release
    from cooldown_outcomes(days($window_days))
    group by file_number
)

select
    file.project,
    file.version,
    file.filename,
    outcomes.per_file,
    outcomes.earliest_of_release,
    outcomes.last_by_filename,
    outcomes.newest_of_release,
    file.uploaded_at,
    file.lag_us
from outcomes
join file_lags as file on file.file_number = outcomes.file_number
where $project::varchar is null or file.project = $project::varchar
order by file.lag_us desc, file.filename, file.project, file.version
