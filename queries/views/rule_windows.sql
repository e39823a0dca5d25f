/*
question = "With which windows is each proposed rule simulated?"
grain = "one row for each window"
order = "none: it is a relation to query"
source = "discuss.python.org thread 43566: what was proposed there, from an hour to a year"
caveat = "Whole hours."
uses = ["hours"]
portable = true

[columns]
window_name = { type = "VARCHAR", meaning = "the window as people write it, such as 72h or 14d" }
window_us = { type = "BIGINT", unit = "microseconds", meaning = "its length" }
*/
select window_name, hours(window_hours) as window_us
from (values
    ('1h', 1), ('24h', 24), ('48h', 48), ('72h', 72), ('7d', 168), ('14d', 336), ('30d', 720), ('90d', 2160), ('365d', 8760)
) as known (window_name, window_hours)
