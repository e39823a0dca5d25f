/*
question = "Which interpreters does each requires-python admit?"
grain = "one row for each requires_python of a file and each version of a simulated interpreter"
order = "none: it is a relation to query"
source = "files.parquet and the environments; packaging.specifiers, pre-releases admitted, as pip does"
caveat = "The interpreter is the newest patch release of its series. A text that is not a specifier admits every interpreter, as in pip."
is_shared = true
function = "admits"

[columns]
requires_python = { type = "VARCHAR", meaning = "as written at the upload" }
python_version = { type = "VARCHAR", meaning = "version of the interpreter, such as 3.12.16" }
is_admitted = { type = "BOOLEAN", meaning = "the text admits the interpreter" }
*/
select requires_python, python_version, null::boolean as is_admitted
from (select distinct requires_python from files where requires_python is not null)
cross join (select distinct python_version from environments)
