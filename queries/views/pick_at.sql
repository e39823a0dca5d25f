/*
question = "Which file is picked in an environment, once a release's files up to a certain one are there?"
grain = "one row"
order = "none: one row"
source = "the places of picks: each file that was picked from its upload on, until the next"
caveat = "What is picked before a batch is the pick at the place before its first file; what is picked after it is the pick at the place of its last file. The batch changed the pick if that file is one of its own."
is_formula = true

[parameters]
places = { type = "INTEGER[]", meaning = "places of a history, see picks" }
place = { type = "INTEGER", meaning = "the place of the last file that is there" }

[columns]
picked_place = { type = "INTEGER", meaning = "the place of what is picked; null: nothing is" }
*/
select list_max(list_filter(cast($places as integer[]), lambda each: each <= $place)) as picked_place
