/*
question = "What would an installer have picked in the releases that grew?"
grain = "one row for each set of such releases whose candidates came in the same order with the same tags"
order = "none: it is a relation to query"
source = "picks"
caveat = "A file counts as yanked if it is yanked now: see picks."
uses = ["picks"]
is_shared = true

[columns]
release_numbers = { type = "BIGINT[]", meaning = "the releases" }
wheels = { type = "BOOLEAN[]", meaning = "for each place of a candidate, whether it is a wheel" }
histories = { type = "STRUCT(era VARCHAR, environment_numbers SMALLINT[], places INTEGER[])[]", meaning = "see picks" }
*/
from picks('grown')
