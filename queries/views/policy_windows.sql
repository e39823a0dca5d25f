/*
question = "Which rules are simulated, with which windows?"
grain = "one row for each rule and window; one for a rule without a window"
order = "none: it is a relation to query"
source = "the rules that the discussion proposed"
caveat = "A rule without a window has the window 0."
portable = true

[columns]
policy_number = { type = "INTEGER", meaning = "the rule's place in the list" }
policy = { type = "VARCHAR", meaning = "name of the rule" }
window_name = { type = "VARCHAR", meaning = "the window as people write it; null: the rule has none" }
window_us = { type = "BIGINT", unit = "microseconds", meaning = "the window; 0: the rule has none" }
*/
with rules as (
    select *
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
),

windows as (
    select *
    from (values
        (null, 0, false), ('1h', 1, true), ('24h', 24, true), ('48h', 48, true), ('72h', 72, true),
        ('7d', 168, true), ('14d', 336, true), ('30d', 720, true), ('90d', 2160, true), ('365d', 8760, true)
    ) as known (window_name, hours, has_window)
)

select
    rules.policy_number,
    rules.policy,
    windows.window_name,
    windows.hours::bigint * 3600000000 as window_us
from rules
join windows on windows.has_window = rules.has_window
