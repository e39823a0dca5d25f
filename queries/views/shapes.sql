/*
question = "Which different files are there, as far as an installer looks at them?"
grain = "one row for each shape: all that decides a pick"
order = "none: it is a relation to query"
source = "named_candidates"
caveat = "Many releases have files of the same shapes, so that picks are compared once for all of them. The numbers differ from dataset to dataset."
uses = ["named_candidates"]
is_shared = true

[columns]
shape_number = { type = "BIGINT", meaning = "sorts as pip does between files of equal tags: the greater build number (a number, then text), then the last by filename" }
is_wheel = { type = "BOOLEAN", meaning = "a wheel, else an sdist" }
is_yanked = { type = "BOOLEAN", meaning = "yanked (PEP 592); false also where the source does not say" }
build_key = { type = "VARCHAR", meaning = "sorts as build tags do: none, then by number, then by what follows it" }
name = { type = "VARCHAR", meaning = "sorts as filenames do within a release: what follows the common beginning, or the name_order" }
set_number = { type = "BIGINT", meaning = "a wheel's tags in wheel_sets; 0: an sdist" }
admission_number = { type = "BIGINT", meaning = "the interpreters that it admits, in admissions; 0: any" }
*/
select row_number() over (order by build_key, name, set_number, admission_number, is_wheel, is_yanked) as shape_number, *
from (select distinct * exclude (release_number, file_number, lag_us) from named_candidates)
