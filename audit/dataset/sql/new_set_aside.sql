select old.*
from old_set_aside as old
anti join replaced on old.project = replaced.project
union all by name
select *, $crawl_id as crawl_id
from staged_set_aside
order by project, filename nulls first, field, value nulls first, reason
