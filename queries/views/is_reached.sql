/*
question = "Did an index say what it lists of a project?"
grain = "one row"
order = "none: one row"
source = "projects.parquet and crawls: the outcome of asking"
caveat = "Also that there is no such project, or that nothing has changed, is an answer. One that is stale is none."
is_formula = true

[parameters]
outcome = { type = "VARCHAR", meaning = "found, unchanged, missing, quarantined, stale or failed" }

[columns]
is_reached = { type = "BOOLEAN", meaning = "it did; null: the outcome is" }
*/
select $outcome in ('found', 'unchanged', 'missing', 'quarantined') as is_reached
