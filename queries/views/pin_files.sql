/*
question = "Which files of the index may each pin of a scanned lock take?"
grain = "one row for each pin and file that it may take"
order = "none: it is a relation to query"
source = "scan_pins, which only a scan fills (else empty), and file_lags"
caveat = "A file is the pin's if it has the name that the pin names, or its digest where the pin names none; where a pin names no file, every file of the releases that it allows."
uses = ["file_lags"]

[columns]
pin_number = { type = "BIGINT", meaning = "the pin" }
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
place = { type = "BIGINT", meaning = "1 for the files of the version that an installer tries first: the greatest; releases equal in PEP 440 are one version to it, and 1.0+local is greater than 1.0" }
is_named = { type = "BOOLEAN", meaning = "the pin names the file; else it allows the release" }
is_exact = { type = "BOOLEAN", meaning = "the pin names files or one version: a yanked file is taken too (PEP 592)" }
*/
select distinct pin.pin_number, file.file_number, 1::bigint as place, true as is_named, true as is_exact
from scan_pins as pin
join file_lags as file
    on file.project = pin.project
    and if(pin.filename is null, file.sha256 = pin.sha256, file.filename = pin.filename)
union all
select
    pin.pin_number,
    file.file_number,
    dense_rank() over (partition by pin.pin_number order by file.version_key desc nulls last) as place,
    false as is_named,
    pin.version is not null as is_exact
from scan_pins as pin
join file_lags as file on file.project = pin.project and list_contains(pin.versions, file.version)
where pin.filename is null and pin.sha256 is null
