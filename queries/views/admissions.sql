/*
question = "Which requires-python admit the same interpreters?"
grain = "one row for each requires_python of a file"
order = "none: it is a relation to query"
source = "python_admissions"
caveat = "See python_admissions. What admits the same interpreters has one number, however it is written."
uses = ["python_admissions"]

[columns]
requires_python = { type = "VARCHAR", meaning = "as written at the upload" }
versions = { type = "VARCHAR[]", meaning = "the interpreters that it admits, by text" }
admission_number = { type = "BIGINT", meaning = "a number for these interpreters, from 1" }
*/
select requires_python, versions, dense_rank() over (order by versions) as admission_number
from (
    select
        requires_python,
        coalesce(list(python_version order by python_version) filter (is_admitted), []) as versions
    from python_admissions
    group by requires_python
)
