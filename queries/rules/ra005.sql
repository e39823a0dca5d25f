/*
question = "Did a pinned file vanish, was it yanked, or its release made again?"
grain = "one row for each pinned file and each of these that applies to it"
order = "as the inputs name their pins, then by filename"
source = "scan_rows, which only a scan fills (else empty): see pinned_files"
caveat = "A file that is not listed is gone only if the index was asked after the input was made. If a file vanished before the first crawl, only the lock knows that it was there. Where the source does not say what is yanked (is_yanked is null), no file is called yanked."

[columns]
pin_number = { type = "BIGINT", meaning = "the pin; null: the whole input" }
source = { type = "VARCHAR", meaning = "the input, as it was named" }
filename = { type = "VARCHAR", meaning = "name of the file; null: the pin as such" }
level = { type = "VARCHAR", meaning = "error, warning or note" }
why = { type = "VARCHAR", meaning = "one sentence" }
*/
with pinned as (
    select *, max(file_number) over (partition by pin_number) as some_file_number
    from scan_rows
)

select distinct
    pin_number,
    source,
    filename,
    if(filename is null and some_file_number is not null, 'warning', 'error') as level,
    case
        when index_status = 'vanished' and vanished_at is null then 'the index no longer lists it: nobody saw when it went'
        when vanished_at is not null then
            format('the index no longer lists it: gone since {}', strftime(vanished_at, '%Y-%m-%d'))
        when index_status = 'quarantined' then format('the index has quarantined {}', project)
        when filename is null then
            format('a hash that pins it is that of no file which the index lists of {} {}', project, version)
        else format('the index lists {}, but not this file', project)
    end as why
from pinned
where
    (index_status = 'vanished' or index_status = 'quarantined')
    or (
        index_status in ('not listed', 'no such release')
        and is_named
        and is_current
        and not is_inferred
        and not contains(coalesce(version, ''), '+')
    )
union all
select
    pin_number,
    source,
    filename,
    'warning',
    format('it was yanked{}', if(coalesce(yanked_reason, '') = '', '', ': ' || yanked_reason))
from scan_rows
where is_yanked
union all
select
    pin_number,
    source,
    filename,
    'error',
    format('{} {} was made again: files vanished and others came, seen {}', project, version, strftime(recreated_at, '%Y-%m-%d'))
from scan_rows
where recreated_at is not null
order by pin_number, filename, level, why
