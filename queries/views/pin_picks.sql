/*
question = "Which of the files that a pin may take does an installer take today, in each environment?"
grain = "one row for each pin and environment in which something is taken"
order = "none: it is a relation to query"
source = "pin_files, candidates, tag_ranks, python_admissions, the environments; pip's order of preference, see docs/picks.md"
caveat = "The greatest version that has a fitting file, one that is not yanked before one that is; a release that a range allows is passed over where only yanked files of it fit (PEP 592). What else an installer has to respect, such as other pins, is not known."
uses = ["pin_files", "candidates", "tag_ranks", "python_admissions", "is_asked"]

[parameters]
environment_ = { type = "VARCHAR", default = "today", meaning = "which environments: today, past, all (both), or the name of one" }

[columns]
pin_number = { type = "BIGINT", meaning = "the pin" }
environment_number = { type = "BIGINT", meaning = "the environment" }
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
*/
with chosen as (
    select environment_number, python_version
    from environments
    where is_asked(environment, era, $environment_)
),

allowed as (
    select pin.pin_number, pin.place, file.*
    from pin_files as pin
    join candidates as file using (file_number)
    where pin.is_exact or not file.is_yanked
),

fitting as (
    select allowed.*, rank.environment_number, rank.tag_rank
    from allowed
    join tag_ranks as rank using (python_tag, abi_tag, platform_tag)
    union all
    select allowed.*, chosen.environment_number, null
    from allowed
    cross join chosen
    where not allowed.is_wheel
)

select fitting.pin_number, fitting.environment_number, fitting.file_number
from fitting
join chosen using (environment_number)
left join python_admissions as admission
    on admission.requires_python = fitting.requires_python
    and admission.python_version = chosen.python_version
where admission.is_admitted is not false
qualify row_number() over (
    partition by fitting.pin_number, fitting.environment_number
    order by
        fitting.is_yanked, fitting.place, fitting.tag_rank nulls last, fitting.build_key desc, fitting.filename desc
) = 1
