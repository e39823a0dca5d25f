/*
question = "Which releases of one project are equal by PEP 440, or matched by the same ==, and when did each come?"
grain = "one row for each release that another one of its project is equal to, or equal to but for a local part"
order = "project, then version as PEP 440 sorts, then first upload, then version"
source = "releases"
caveat = "A pin == 1.0 takes 1.0.0 and 1.0+local too: whoever uploads one of these can change what the pin installs. Releases with no file are listed too."
uses = ["releases"]

[parameters]
project = { type = "VARCHAR", meaning = "only this project; null: all" }

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
relation = { type = "VARCHAR", meaning = "equal: another spelling of the same version; local: only the local part differs" }
other_versions = { type = "VARCHAR[]", meaning = "the others" }
file_count = { type = "BIGINT", unit = "count", meaning = "files listed now" }
first_uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first upload; null: no file with a time" }
after_first_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first of them; null: not known" }
*/
with matched as (
    select project, public_key
    from dataset.releases
    where public_key is not null and ($project::varchar is null or project = $project::varchar)
    group by project, public_key
    having count(*) > 1
),

together as (
    select release.*
    from releases as release
    semi join matched using (project, public_key)
)

select
    project,
    version,
    if(count(*) over (partition by project, version_key) > 1, 'equal', 'local') as relation,
    list_filter(
        list(version) over (
            partition by project, public_key order by version_key, version
            rows between unbounded preceding and unbounded following
        ),
        lambda other: other != version
    ) as other_versions,
    file_count,
    first_uploaded_at,
    epoch_us(first_uploaded_at) - epoch_us(min(first_uploaded_at) over (partition by project, public_key)) as after_first_us
from together
order by project, version_key, first_uploaded_at nulls last, version
