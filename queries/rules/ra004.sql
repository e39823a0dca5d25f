/*
question = "Where do the lock and the index say different things about a file?"
grain = "one row for each named file about which the lock and the index differ"
order = "as the inputs name their pins, then by filename"
source = "scan_pins, which only a scan fills (else empty), and files"
caveat = "Times are compared as exactly as the lock writes them: to the second, the millisecond or the microsecond."

[columns]
pin_number = { type = "BIGINT", meaning = "the pin; null: the whole input" }
source = { type = "VARCHAR", meaning = "the input, as it was named" }
filename = { type = "VARCHAR", meaning = "name of the file; null: the pin as such" }
level = { type = "VARCHAR", meaning = "error, warning or note" }
why = { type = "VARCHAR", meaning = "one sentence" }
*/
with named as (
    select
        pin.pin_number,
        pin.source,
        pin.filename,
        pin.sha256,
        pin.size_bytes,
        pin.uploaded_at,
        file.sha256 as sha256_listed,
        file.size_bytes as size_bytes_listed,
        file.uploaded_at as uploaded_at_listed,
        case
            when epoch_us(pin.uploaded_at) % 1000000 = 0 then 1000000
            when epoch_us(pin.uploaded_at) % 1000 = 0 then 1000
            else 1
        end as step_us,
        namesake.filename as filename_listed
    from scan_pins as pin
    left join files as file on file.project = pin.project and file.filename = pin.filename
    left join files as namesake
        on file.filename is null and namesake.project = pin.project and namesake.sha256 = pin.sha256
    where pin.filename is not null and not pin.is_inferred
),

compared as (
    select
        *,
        concat_ws(
            '; ',
            if(sha256 != sha256_listed, format('sha256 {} in the lock, {} on the index', sha256, sha256_listed), null),
            if(
                size_bytes != size_bytes_listed,
                format('{:,} bytes in the lock, {:,} on the index', size_bytes, size_bytes_listed),
                null
            ),
            if(
                epoch_us(uploaded_at) // step_us != epoch_us(uploaded_at_listed) // step_us,
                format(
                    'uploaded {} in the lock, {} on the index',
                    strftime(uploaded_at, '%Y-%m-%dT%H:%M:%S.%fZ'),
                    strftime(uploaded_at_listed, '%Y-%m-%dT%H:%M:%S.%fZ')
                ),
                null
            ),
            if(filename_listed is not null, format('the index has this content as {}', filename_listed), null)
        ) as differences
    from named
)

select pin_number, source, filename, 'error' as level, differences as why
from compared
where differences != ''
order by pin_number, filename, why
