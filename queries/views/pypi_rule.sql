/*
question = "Since when does PyPI refuse new files for old releases, and from which age on?"
grain = "one row"
order = "none: one row"
source = "PyPI's change of July 2026: the commit that put the rule in force, merged 2026-07-08T21:43:57Z"
caveat = "PyPI tests when a release was created, which no API shows. It runs a change some time after it was merged."
uses = ["days"]

[columns]
merged_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when the rule was merged" }
window_us = { type = "BIGINT", unit = "microseconds", meaning = "the greatest age of a release that still takes files" }
*/
select timestamptz '2026-07-08 21:43:57+00' as merged_at, days(14) as window_us
