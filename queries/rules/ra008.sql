/*
question = "Which pins and files cannot be judged, because too little is known about them?"
grain = "one row for each pin, or file of a pin, that cannot be judged"
order = "as the inputs name their pins, then by filename"
source = "scan_rows, which only a scan fills (else empty): see pinned_files"
caveat = "This is not a fault of the file: too little is known about it."

[columns]
pin_number = { type = "BIGINT", meaning = "the pin; null: the whole input" }
source = { type = "VARCHAR", meaning = "the input, as it was named" }
filename = { type = "VARCHAR", meaning = "name of the file; null: the pin as such" }
level = { type = "VARCHAR", meaning = "error, warning or note" }
why = { type = "VARCHAR", meaning = "one sentence" }
*/
select distinct
    pin_number,
    source,
    if(index_status in ('not asked', 'not reached', 'missing', 'no such release'), null, filename) as filename,
    'note' as level,
    case
        when index_status = 'not asked' then format('cannot tell: nothing is known here of {}', project)
        when index_status = 'not reached' then format('cannot tell: {} was not reached', project)
        when index_status = 'missing' then format('cannot tell: the index has no project {}', project)
        when index_status = 'no such release' then
            format('cannot tell: no release of {} that fits is known here', project)
            || if(is_current, '', '; the input may be newer than what is known')
        when pinned_by = 'hash' and not is_named then
            'cannot tell: what hashes it is not SHA-256, and the index gives no other'
        when file_number is not null then 'cannot tell: no upload time of it is known'
        when is_named then
            format('cannot tell: {} is known here, but no such file', project)
            || if(is_current, '', '; the input may be newer than what is known')
        else format('cannot tell: no file of {} that this pin allows fits an environment and has an upload time', project)
    end as why
from scan_rows
where
    index_status in ('not asked', 'not reached', 'missing')
    or (file_number is not null and lag_us is null)
    or (pinned_by = 'hash' and not is_named)
    or (
        index_status in ('no such release', 'not listed')
        and (not is_named or contains(coalesce(version, ''), '+') or is_inferred or not is_current)
    )
order by pin_number, filename
