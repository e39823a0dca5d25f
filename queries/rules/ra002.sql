/*
question = "Is the pinned file itself late?"
grain = "one row for each late file that a pin names"
order = "as the inputs name their pins, then by filename"
source = "scan_rows, which only a scan fills (else empty): see pinned_files"
caveat = "The pin fixes this file, whatever comes later: it was late when it was pinned."

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
    'note' as level,
    format(
        'the pinned file came {} after the first file of {} {} ({}){}',
        lag_text,
        project,
        version,
        reason,
        case when effect = 'displaces' then format('; it displaced {}', picked_before) else '' end
    ) as why
from scan_rows
where pinned_by in ('hash', 'filename') and is_named and is_late
order by pin_number, filename
