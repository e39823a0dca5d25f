/*
question = "Which releases got files after the lock was made?"
grain = "one row for each pin and release that grew after the lock, with the last file that came; one for each input whose time is not known"
order = "as the inputs name their pins, then by filename"
source = "scan_rows and scan_pins, which only a scan fills (else empty), and file_lags"
caveat = "A release that is itself newer than the lock did not grow. Files that the pin names do not count as new. Where the time of the lock is a lower bound, some of these may have been there already."
uses = ["file_lags"]

[columns]
pin_number = { type = "BIGINT", meaning = "the pin; null: the whole input" }
source = { type = "VARCHAR", meaning = "the input, as it was named" }
filename = { type = "VARCHAR", meaning = "name of the file; null: the pin as such" }
level = { type = "VARCHAR", meaning = "error, warning or note" }
why = { type = "VARCHAR", meaning = "one sentence" }
*/
with pinned as (
    select distinct pin_number, source, project, version, pinned_by, locked_at, release_number
    from scan_rows
    where locked_at is not null and release_number is not null and first_uploaded_at <= locked_at
),

grown as (
    select
        pinned.pin_number,
        pinned.source,
        pinned.project,
        pinned.version,
        pinned.pinned_by,
        pinned.locked_at,
        count(*) as file_count,
        arg_max(file.filename, (file.uploaded_at, file.filename)) as filename,
        max(file.uploaded_at) as last_uploaded_at
    from pinned
    join file_lags as file
        on file.release_number = pinned.release_number and file.uploaded_at > pinned.locked_at
    anti join scan_pins as pin
        on pin.pin_number = pinned.pin_number
        and if(pin.filename is null, pin.sha256 = file.sha256, pin.filename = file.filename)
    group by all
)

select
    pin_number,
    source,
    filename,
    if(pinned_by = 'hash', 'note', 'warning') as level,
    format(
        '{} {} got {:,} file{} after the lock of {}, the last on {}: {}',
        project,
        version,
        file_count,
        if(file_count = 1, '', 's'),
        strftime(locked_at, '%Y-%m-%d'),
        strftime(last_uploaded_at, '%Y-%m-%d'),
        if(pinned_by = 'hash', 'the hashes of the lock keep them out', 'the next installation can take one of them')
    ) as why
from grown
union all
select distinct
    null,
    source,
    null,
    'note',
    'cannot tell which releases got files after it was made: the time is not known; give --locked-at'
from scan_pins
where locked_at is null
order by source, pin_number, filename
