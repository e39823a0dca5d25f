/*
question = "Does an outcome mean that the index answered for the project?"
grain = "one row"
order = "none: one row"
source = "projects.parquet and crawls: the outcome of asking"
caveat = "That there is no such project, or that nothing has changed, is an answer too. A stale answer is not one."
is_formula = true

[parameters]
outcome = { type = "VARCHAR", meaning = "found, unchanged, missing, quarantined, stale or failed" }

[columns]
is_reached = { type = "BOOLEAN", meaning = "the index answered; null: the outcome is null" }
*/
select $outcome in ('found', 'unchanged', 'missing', 'quarantined') as is_reached
