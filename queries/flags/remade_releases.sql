/*
question = "Which releases were made again after all files that they had were deleted?"
grain = "one row for each release with a deleted file that was uploaded before every file that is left"
order = "longest from the last deleted file to the first that is left, then project and version"
source = "true_first_uploads, deleted_uploads and files.parquet"
caveat = "Only known deleted files count: `import bigquery --against-crawl` brings those since 2005, see deleted_uploads. Nobody saw when they were deleted: a release need not have been empty at any moment, as where a broken sdist was replaced within minutes. What crawls saw vanish and appear is in recreated-releases."
uses = ["true_first_uploads", "deleted_uploads"]
in_table = ["project", "version", "deleted_file_count", "file_count", "deleted_first_uploaded_at", "made_again_at", "gap_us"]

[parameters]
project = { type = "VARCHAR", meaning = "only this project; null: all" }

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
deleted_file_count = { type = "BIGINT", unit = "count", meaning = "deleted files that were uploaded before every file that is left; two contents under one name are two" }
file_count = { type = "BIGINT", unit = "count", meaning = "files of the release listed now" }
deleted_first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "upload of the first of these deleted files" }
deleted_last_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "upload of the last of them" }
made_again_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload of a file that is left" }
gap_us = { type = "BIGINT", unit = "microseconds", meaning = "from the last of these deleted files to the first that is left" }
hidden_us = { type = "BIGINT", unit = "microseconds", meaning = "from the first deleted file to the first that is left: the release is so much older than it seems" }
*/
with gone as (
    select
        first.release_number,
        first.first_uploaded_at as deleted_first_uploaded_at,
        first.visible_first_uploaded_at as made_again_at,
        count(*) as deleted_file_count,
        max(deleted.uploaded_at) as deleted_last_uploaded_at
    from true_first_uploads as first
    join deleted_uploads as deleted on deleted.release_number = first.release_number
    where first.is_earlier and deleted.uploaded_at < first.visible_first_uploaded_at
    group by first.release_number, first.first_uploaded_at, first.visible_first_uploaded_at
),

listed as (select release_number, count(*) as file_count from files group by release_number)

select
    release.project,
    release.version,
    gone.deleted_file_count,
    listed.file_count,
    gone.deleted_first_uploaded_at,
    gone.deleted_last_uploaded_at,
    gone.made_again_at,
    epoch_us(gone.made_again_at) - epoch_us(gone.deleted_last_uploaded_at) as gap_us,
    epoch_us(gone.made_again_at) - epoch_us(gone.deleted_first_uploaded_at) as hidden_us
from gone
join dataset.releases as release on release.release_number = gone.release_number
join listed on listed.release_number = gone.release_number
where $project::varchar is null or release.project = $project::varchar
order by gap_us desc, release.project, release.version
