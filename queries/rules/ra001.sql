/*
question = "Does a pin without a hash take a late file?"
grain = "one row for each pin without a hash and each late file that an environment takes for it"
order = "as the inputs name their pins, then by filename"
source = "scan_rows, which only a scan fills (else empty): see pinned_files"
caveat = "It is an error if the file displaces a wheel in one of the environments asked for: whoever installed before gets another file now."

[columns]
pin_number = { type = "BIGINT", meaning = "the pin; null: the whole input" }
source = { type = "VARCHAR", meaning = "the input, as it was named" }
filename = { type = "VARCHAR", meaning = "name of the file; null: the pin as such" }
level = { type = "VARCHAR", meaning = "error, warning or note" }
why = { type = "VARCHAR", meaning = "one sentence" }
*/
select
    pin_number,
    source,
    filename,
    if(effect = 'displaces', 'error', 'warning') as level,
    format(
        'no hash pins it, and what is installed came {} after the first file of {} {}{}',
        lag_text,
        project,
        version,
        case
            when effect = 'displaces' then format('; before that it was {}', picked_before)
            when effect = 'builds-no-more' then '; before that an sdist was built'
            when effect = 'other-sdist' then format('; before that {} was built', picked_before)
            when effect = 'new' then '; before that nothing fitted'
            else ''
        end
    ) as why
from scan_rows
where pinned_by in ('version', 'range') and is_late
order by pin_number, filename
