/*
question = "Is every lag at least zero?"
grain = "one row for each file with a negative lag"
order = "project, version, filename"
source = "file_lags"
caveat = "Checks the definition of lag itself: no file is older than the first file of its release."
uses = ["file_lags"]

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the file" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "the negative lag" }
*/
select project, version, filename, lag_us
from file_lags
where lag_us < 0
order by project, version, filename
