/*
question = "Was every file uploaded after 2000 and before the crawl that first saw it?"
grain = "one row for each file with another time"
order = "project, version, filename"
source = "files"
caveat = "first_seen_at is the start of a crawl that may last for days: a week is allowed."

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the file" }
uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "the time that cannot be" }
first_seen_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "start of the crawl that first saw the file" }
*/
select project, version, filename, uploaded_at, first_seen_at
from files
where uploaded_at < timestamptz '2000-01-01 00:00:00+00' or uploaded_at > first_seen_at + interval 7 days
order by project, version, filename
