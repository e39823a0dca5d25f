/*
question = "How many releases are so young that a window is still open?"
grain = "one row for each window, if there is any release"
order = "none: it is a relation to query"
source = "release_history, known_until and rule_windows"
caveat = "They may still get files."
uses = ["release_history", "known_until", "rule_windows"]
portable = true

[columns]
window_us = { type = "BIGINT", unit = "microseconds", meaning = "the window" }
young_release_count = { type = "BIGINT", unit = "count", meaning = "releases first uploaded at most this long before the dataset was last brought up to date" }
*/
with ages as (
    select epoch_us(until.known_until_at) - epoch_us(release.first_uploaded_at) as age_us
    from release_history as release
    cross join known_until as until
)

select
    rule_windows.window_us,
    count(case when ages.age_us <= rule_windows.window_us then 1 end) as young_release_count
from rule_windows
cross join ages
group by rule_windows.window_us
