/*
question = "What would the numbers of the headline be if deleted files were still visible?"
grain = "one row for each number"
order = "as in the headline, then what is gone"
source = "files.parquet, true_first_uploads and deleted_uploads"
caveat = "Deleted files are known if a crawl saw them vanish or `import bigquery --against-crawl` brought them: without such an import this says little. BigQuery's table has uploads from 2024-03-20 to 2025-01-13 only if their files still existed when it was filled in later: files that came and went in these days are missing, so the bias is a lower bound. Reasons and picks are not known for deleted files. It always compares both ways of counting, so --including-deleted changes nothing here."
uses = ["true_first_uploads", "deleted_uploads", "days"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
number = { type = "VARCHAR", meaning = "what is counted" }
visible_count = { type = "BIGINT", unit = "count", meaning = "by the first upload that is still visible, as everywhere else" }
visible_of_count = { type = "BIGINT", unit = "count", meaning = "the whole that visible_count is a part of" }
with_deleted_count = { type = "BIGINT", unit = "count", meaning = "by the first upload that is known, deleted files counted" }
with_deleted_of_count = { type = "BIGINT", unit = "count", meaning = "the whole that with_deleted_count is a part of" }
visible_share = { type = "DOUBLE", unit = "share", meaning = "visible_count / visible_of_count" }
with_deleted_share = { type = "DOUBLE", unit = "share", meaning = "with_deleted_count / with_deleted_of_count" }
*/
-- One row for each release with a file that is late by the first upload that is known, and one (null) for all other files.
-- By the first upload that is visible no other file is late: it came at the same time, or later.
with grown as (
    select
        case
            when epoch_us(file.uploaded_at) - epoch_us(first.first_uploaded_at) > days($window_days)
                then file.release_number
        end as release_number,
        count(*) as files,
        count(*) filter (file.uploaded_at > first.visible_first_uploaded_at) as later_files,
        count(*) filter (file.uploaded_at > first.first_uploaded_at) as true_later_files,
        count(*) filter (
            epoch_us(file.uploaded_at) - epoch_us(first.visible_first_uploaded_at) > days($window_days)
        ) as late_files
    from files as file
    join true_first_uploads as first on first.release_number = file.release_number
    where file.uploaded_at is not null
    group by all
),

late as (
    select grown.*, release.project
    from grown
    join dataset.releases as release on release.release_number = grown.release_number
),

timed as (
    select count(*) as releases, count(distinct release.project) as projects, count(*) filter (first.is_earlier) as earlier_releases
    from true_first_uploads as first
    join dataset.releases as release on release.release_number = first.release_number
    where first.visible_first_uploaded_at is not null
),

of_files as (
    select
        coalesce(sum(files), 0)::bigint as files,
        coalesce(sum(later_files), 0)::bigint as later_file_count,
        coalesce(sum(true_later_files), 0)::bigint as true_later_files
    from grown
),

of_late as (
    select
        coalesce(sum(late_files), 0)::bigint as late_files,
        coalesce(sum(files), 0)::bigint as true_late_files,
        count(*) filter (late_files > 0) as late_releases,
        count(*) as true_late_releases,
        count(distinct project) filter (late_files > 0) as late_projects,
        count(distinct project) as true_late_projects
    from late
),

counted as (
    select *
    from of_files
    cross join of_late
    cross join timed
),

-- If a whole release is gone, its own deleted files show when it began.
deleted as (
    select
        gone.release_number,
        gone.project,
        gone.version,
        epoch_us(gone.uploaded_at) - epoch_us(coalesce(
            first.first_uploaded_at, min(gone.uploaded_at) over (partition by gone.project, gone.version)
        )) as lag_us
    from deleted_uploads as gone
    left join true_first_uploads as first on first.release_number = gone.release_number
),

lost as (
    select
        count(*) as files,
        count(*) filter (lag_us > days($window_days)) as late_files,
        count(distinct(project, version)) filter (release_number is null) as releases
    from deleted
),

paired as (
    select unnest([
        {place: 1, number: 'late files', visible_count: late_files, visible_of_count: counted.files, with_deleted_count: true_late_files, with_deleted_of_count: counted.files},
        {place: 2, number: 'files after the first', visible_count: later_file_count, visible_of_count: counted.files, with_deleted_count: true_later_files, with_deleted_of_count: counted.files},
        {place: 3, number: 'releases with a late file', visible_count: late_releases, visible_of_count: counted.releases, with_deleted_count: true_late_releases, with_deleted_of_count: counted.releases},
        {place: 4, number: 'projects with a late file', visible_count: late_projects, visible_of_count: projects, with_deleted_count: true_late_projects, with_deleted_of_count: projects},
        {place: 5, number: 'late files, deleted ones among them', visible_count: late_files, visible_of_count: counted.files, with_deleted_count: true_late_files + lost_late_files, with_deleted_of_count: counted.files + lost_files},
        {place: 6, number: 'releases whose first file is deleted', visible_count: 0, visible_of_count: counted.releases, with_deleted_count: earlier_releases, with_deleted_of_count: counted.releases},
        {place: 7, number: 'releases that are gone', visible_count: 0, visible_of_count: counted.releases, with_deleted_count: lost_releases, with_deleted_of_count: counted.releases + lost_releases}
    ]) as row
    from counted
    cross join (select files as lost_files, late_files as lost_late_files, releases as lost_releases from lost)
)

select
    row.number,
    row.visible_count::bigint as visible_count,
    row.visible_of_count,
    row.with_deleted_count,
    row.with_deleted_of_count,
    row.visible_count / nullif(row.visible_of_count, 0) as visible_share,
    row.with_deleted_count / nullif(row.with_deleted_of_count, 0) as with_deleted_share
from paired
order by row.place
