/*
question = "Which rules were proposed?"
grain = "one row for each rule"
order = "none: it is a relation to query"
source = "discuss.python.org thread 43566; docs/rules.md says how each is simulated"
caveat = "A rule without a window depends only on greater versions."
portable = true

[columns]
policy_number = { type = "INTEGER", meaning = "the rule's place in the list" }
policy = { type = "VARCHAR", meaning = "name of the rule" }
has_window = { type = "BOOLEAN", meaning = "it has a window" }
*/
select policy_number, policy, has_window
from (values
    (1, 'after-first', true),
    (2, 'after-last', true),
    (3, 'superseded', false),
    (4, 'superseded-by-any', false),
    (5, 'after-first-or-superseded', true),
    (6, 'after-first-and-superseded', true),
    (7, 'after-last-or-superseded', true),
    (8, 'after-last-and-superseded', true)
) as known (policy_number, policy, has_window)
