/*
question = "Which file did an installer pick for a release in an environment, and from when to when?"
grain = "one row for each release, environment and file that was picked"
order = "releases as PEP 440 sorts, then environments in their order, then by time"
source = "candidates, tag_ranks, python_admissions and the environments; pip's order of preference, see docs/picks.md"
caveat = "Deleted files are not seen, and a file counts as yanked if it is yanked now: at the time, another file may have been picked."
uses = ["candidates", "tag_ranks", "python_admissions", "is_asked"]
shown = ["environment", "project", "version", "picked_at", "replaced_at", "filename"]
in_table = ["project", "version", "picked_at", "replaced_at", "filename"]

[parameters]
environment = { type = "VARCHAR", default = "this", meaning = "name of the environment; this: the one that runs this program; or today or past: all of them" }
project = { type = "VARCHAR", meaning = "the project; null: all" }
version = { type = "VARCHAR", meaning = "only this version, as the index spells it; null: all" }

[columns]
environment = { type = "VARCHAR", meaning = "name of the environment" }
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the file" }
is_wheel = { type = "BOOLEAN", meaning = "a wheel, else an sdist" }
picked_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "its upload: from then on it was picked" }
replaced_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when a file came that is preferred to it; null: it is picked today" }
*/
with fitting as (
    select
        file.*,
        release.project,
        release.version,
        release.version_key,
        environment.environment,
        environment.environment_number,
        row_number() over (
            partition by file.release_number, environment.environment_number
            order by file.is_yanked desc, rank.tag_rank desc nulls first, file.build_key, file.filename
        ) as preference
    from candidates as file
    join dataset.releases as release using (release_number)
    cross join environments as environment
    left join tag_ranks as rank
        on rank.python_tag = file.python_tag
        and rank.abi_tag = file.abi_tag
        and rank.platform_tag = file.platform_tag
        and rank.environment_number = environment.environment_number
    left join python_admissions as admission
        on admission.requires_python = file.requires_python
        and admission.python_version = environment.python_version
    where
        is_asked(environment.environment, environment.era, $environment::varchar)
        and ($project::varchar is null or release.project = $project::varchar)
        and ($version::varchar is null or release.version = $version::varchar)
        and (rank.tag_rank is not null or not file.is_wheel)
        and admission.is_admitted is not false
),

picked as (
    select *
    from fitting
    qualify preference = max(preference) over (
        partition by release_number, environment_number order by uploaded_at range unbounded preceding
    )
)

select
    picked.environment,
    picked.project,
    picked.version,
    picked.filename,
    picked.is_wheel,
    picked.uploaded_at as picked_at,
    lead(picked.uploaded_at) over (
        partition by picked.release_number, picked.environment_number order by picked.uploaded_at
    ) as replaced_at
from picked
order by picked.project, picked.version_key, picked.version, picked.environment_number, picked.uploaded_at
