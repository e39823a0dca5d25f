/*
question = "How does a wheel's build tag sort?"
grain = "one row"
order = "none: one row"
source = "PEP 427: by its leading number, then by the text after it; none sorts first"
caveat = "Tags that differ only in zeros before the number are equal, as to pip."
is_formula = true

[parameters]
build_ = { type = "VARCHAR", meaning = "the build tag as the filename has it; null: none" }

[columns]
build_key = { type = "VARCHAR", meaning = "text that sorts so: the count of the number's digits comes first" }
*/
select
    case
        when $build_ is null then ''
        else printf('%04d', length(ltrim(regexp_extract($build_, '^\d+'), '0'))) || ltrim($build_, '0')
    end as build_key
