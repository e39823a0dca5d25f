/*
question = "Do only wheels have tags, and each all three or none?"
grain = "one row for each file with other tags"
order = "project, version, filename"
source = "files"
caveat = "A wheel whose name is not valid has no tags."

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the file" }
kind = { type = "VARCHAR", meaning = "kind of the file" }
*/
select project, version, filename, kind
from files
where
    (python_tag is null) != (abi_tag is null)
    or (python_tag is null) != (platform_tag is null)
    or (build is not null and python_tag is null)
    or (python_tag is not null and kind is distinct from 'wheel')
order by project, version, filename
