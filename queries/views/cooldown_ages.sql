/*
question = "How old is a release when a late file comes, by each way to read its age?"
grain = "one row for each file that came more than 24 hours after the first of its release"
order = "none: it is a relation to query"
source = "grown_files and file_lags"
caveat = "Only files that are listed now and have a time count. Filenames are compared as text, character by character, as an index that sorts them does."
uses = ["grown_files", "file_lags", "days"]
is_shared = true
portable = true

[columns]
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
project_number = { type = "BIGINT", meaning = "a number for the project, to count projects by" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release: the age of its earliest file" }
named_age_us = { type = "BIGINT", unit = "microseconds", meaning = "age of the last by filename of the release's files uploaded until then, this one among them" }
named_before_us = { type = "BIGINT", unit = "microseconds", meaning = "the same among the files uploaded strictly before" }
newest_before_us = { type = "BIGINT", unit = "microseconds", meaning = "age of the newest file uploaded strictly before" }
*/
with ages as (
    select
        file.file_number,
        arg_max(file.lag_us, file.filename) over at_upload as named_us,
        arg_max(file.lag_us, file.filename) over before_it as named_before_us,
        max(file.lag_us) over before_it as newest_before_us
    from file_lags as file
    where
        file.lag_us is not null
        and file.release_number in (select release_number from grown_files where lag_us > days(1))
    window
        at_upload as (partition by file.release_number order by file.lag_us range between unbounded preceding and current row),
        before_it as (partition by file.release_number order by file.lag_us range between unbounded preceding and 1 preceding)
)

select
    late.file_number,
    late.release_number,
    late.project_number,
    late.lag_us,
    late.lag_us - ages.named_us as named_age_us,
    late.lag_us - ages.named_before_us as named_before_us,
    late.lag_us - ages.newest_before_us as newest_before_us
from grown_files as late
join ages on ages.file_number = late.file_number
where late.lag_us > days(1)
