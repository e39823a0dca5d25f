/*
question = "Is an environment one of those that were asked for?"
grain = "one row"
order = "none: one row"
source = "the environments: see release-audit environments"
caveat = "The environment that runs this program is asked for by its name or as this alone, so that every machine answers the same."
is_formula = true

[parameters]
name = { type = "VARCHAR", meaning = "name of the environment; null: of several of this era" }
era = { type = "VARCHAR", meaning = "today, past or this" }
asked = { type = "VARCHAR", meaning = "what was asked for: today, past, all (both), or the name of one" }

[columns]
is_asked = { type = "BOOLEAN", meaning = "it is; null: its era alone does not say" }
*/
select $asked = $name or $asked = $era or ($asked = 'all' and $era != 'this') as is_asked
