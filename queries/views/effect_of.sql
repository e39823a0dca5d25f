/*
question = "What did a batch change for those who install the release in an environment?"
grain = "one row: the effect of the file that is picked after it"
order = "none: one row"
source = "the kinds of the files picked before and after the batch"
caveat = "It is asked only where the batch changed the pick. A hash pin protects from every effect but new."
is_formula = true

[parameters]
was_wheel_ = { type = "BOOLEAN", meaning = "a wheel was picked before; null: nothing was" }
is_wheel_ = { type = "BOOLEAN", meaning = "a wheel is picked now" }

[columns]
effect = { type = "VARCHAR", meaning = "displaces (a wheel before), builds-no-more (an sdist before, a wheel now), other-sdist (an sdist before, another one now), new (nothing before)" }
*/
select
    case
        when $was_wheel_ is null then 'new'
        when $was_wheel_ then 'displaces'
        when $is_wheel_ then 'builds-no-more'
        else 'other-sdist'
    end as effect
