/*
question = "By which rules do cooldowns read the age of a release?"
grain = "one row for each rule"
order = "none: it is a relation to query"
source = "docs/cooldowns.md has the source and date of each tool's rule"
caveat = "Tools change their rules: these are those of 2026-11."
portable = true

[columns]
rule_number = { type = "INTEGER", meaning = "the rule's place in the list" }
rule = { type = "VARCHAR", meaning = "whose age it reads: per-file: the file's own; earliest-of-release: that of the release's earliest file; last-by-filename: that of its last file by filename; newest-of-release: that of its newest file" }
tools = { type = "VARCHAR", meaning = "the tools that have the rule" }
*/
select rule_number, rule, tools
from (values
    (1, 'per-file', 'uv and pip'),
    (2, 'earliest-of-release', 'Renovate'),
    (3, 'last-by-filename', 'Dependabot'),
    (4, 'newest-of-release', 'Poetry')
) as known (rule_number, rule, tools)
