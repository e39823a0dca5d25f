/*
question = "Would a cooldown have let the file pass at once?"
grain = "one row for each file of a pin whose lag is greater than the cooldown and that some rule lets pass"
order = "as the inputs name their pins, then by filename"
source = "scan_rows, which only a scan fills (else empty): see pinned_files; the rules of the tools: docs/cooldowns.md"
caveat = "Your tool has one of these rules: the sentence names those that let the file pass."

[parameters]
cooldown_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the cooldown" }

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
    'warning' as level,
    format(
        'a cooldown of {} day{} does not hold it in {}, where the age of the release counts: that was {} when it came',
        $cooldown_days::bigint,
        if($cooldown_days::bigint = 1, '', 's'),
        list_aggregate(
            [split_part(seen, ':', 1) for seen in cooldown_sees if seen like '%: passes'], 'string_agg', ' and '
        ),
        lag_text
    ) as why
from scan_rows
where len([seen for seen in cooldown_sees if seen like '%: passes']) > 0
order by pin_number, filename
