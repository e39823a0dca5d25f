/*
question = "What does an installer look at, of each file that it can pick?"
grain = "one row for each candidate"
order = "none: it is a relation to query"
source = "candidates, name_orders, tag_sets, admissions"
caveat = "Texts have numbers, which compare faster. The numbers differ from dataset to dataset."
uses = ["candidates", "name_orders", "tag_sets", "admissions"]

[columns]
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release" }
is_wheel = { type = "BOOLEAN", meaning = "a wheel, else an sdist" }
is_yanked = { type = "BOOLEAN", meaning = "yanked (PEP 592); false also where the source does not say" }
build_key = { type = "VARCHAR", meaning = "sorts as build tags do: none, then by number, then by what follows it" }
name = { type = "VARCHAR", meaning = "sorts as filenames do within a release: what follows the common beginning, or the name_order" }
set_number = { type = "BIGINT", meaning = "a wheel's tags in wheel_sets; 0: an sdist" }
admission_number = { type = "BIGINT", meaning = "the interpreters that it admits, in admissions; 0: any" }
*/
select
    file.release_number,
    file.file_number,
    file.lag_us,
    file.is_wheel,
    file.is_yanked,
    file.build_key,
    coalesce(printf('%09d', name_orders.name_order), file.ending) as name,
    coalesce(tag_sets.set_number, 0) as set_number,
    coalesce(admissions.admission_number, 0) as admission_number
from candidates as file
left join name_orders on name_orders.file_number = file.file_number
left join tag_sets
    on tag_sets.python_tag = file.python_tag
    and tag_sets.abi_tag = file.abi_tag
    and tag_sets.platform_tag = file.platform_tag
left join admissions on admissions.requires_python = file.requires_python
