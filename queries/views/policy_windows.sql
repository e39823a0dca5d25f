/*
question = "Which rules are simulated, with which windows?"
grain = "one row for each rule and window; one for a rule without a window"
order = "none: it is a relation to query"
source = "the rules that the discussion proposed"
caveat = "A rule without a window has the window 0."
uses = ["policy_rules", "rule_windows"]
portable = true

[columns]
policy_number = { type = "INTEGER", meaning = "the rule's place in the list" }
policy = { type = "VARCHAR", meaning = "name of the rule" }
window_name = { type = "VARCHAR", meaning = "the window as people write it; null: the rule has none" }
window_us = { type = "BIGINT", unit = "microseconds", meaning = "the window; 0: the rule has none" }
*/
select rule.policy_number, rule.policy, rule_windows.window_name, rule_windows.window_us
from policy_rules as rule
cross join rule_windows
where rule.has_window
union all
select policy_number, policy, null, 0
from policy_rules
where not has_window
