/*
question = "Does a pinned file carry a sign that deserves a look?"
grain = "one row for each file of a pin with at least one of the signs"
order = "as the inputs name their pins, then by filename"
source = "scan_rows, which only a scan fills (else empty): see pinned_files"
caveat = "A sign is a reason to look, not a verdict: docs/signs.md says how often honest files carry each."

[columns]
pin_number = { type = "BIGINT", meaning = "the pin; null: the whole input" }
source = { type = "VARCHAR", meaning = "the input, as it was named" }
filename = { type = "VARCHAR", meaning = "name of the file; null: the pin as such" }
level = { type = "VARCHAR", meaning = "error, warning or note" }
why = { type = "VARCHAR", meaning = "one sentence" }
*/
with signed as (
    select
        *,
        concat_ws(
            '; ',
            if(list_contains(signs, 'lost_provenance'), 'it has no attestation though every file before it has', null),
            if(
                list_contains(signs, 'has_build_tag_without_base'),
                'it has a build number, and the release no file of the same tags without one',
                null
            ),
            if(
                list_contains(signs, 'is_out_of_order'),
                format('{} {} was first seen after a greater final version of its series', project, version),
                null
            )
        ) as sentence
    from scan_rows
)

select pin_number, source, filename, 'warning' as level, sentence as why
from signed
where sentence != ''
order by pin_number, filename
