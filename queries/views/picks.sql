/*
question = "What would an installer have picked, in every environment, as the files of each release came?"
grain = "one row for each set of releases whose candidates came in the same order with the same tags"
order = "none: it is a relation to query"
source = "scoped_candidates, tag_ranks, python_admissions, the environments; pip's order of preference, see docs/picks.md"
caveat = "Yanks are those of today. Between files that are equal to pip, the last by filename is picked, as from an index that lists files by name."
uses = ["scoped_candidates", "tag_ranks", "python_admissions"]

[parameters]
scope_ = { type = "VARCHAR", meaning = "grown or day: see scoped_candidates" }

[columns]
release_numbers = { type = "BIGINT[]", meaning = "the releases" }
histories = { type = "STRUCT(era VARCHAR, environment_numbers SMALLINT[], places INTEGER[])[]", meaning = "each set of environments that saw the same: the places of the candidates that were picked from their upload on" }
*/
with admitted as materialized (
    select requires_python, versions, dense_rank() over (order by versions)::integer as admission_number
    from (
        select
            requires_python,
            coalesce(list(python_version order by python_version) filter (is_admitted), []) as versions
        from python_admissions
        group by requires_python
    )
),

placed as materialized (
    select
        file.release_number,
        file.place,
        file.filename,
        file.is_wheel,
        file.is_yanked,
        file.build_key,
        coalesce(file.python_tag, '') as python_tag,
        coalesce(file.abi_tag, '') as abi_tag,
        coalesce(file.platform_tag, '') as platform_tag,
        coalesce(admitted.admission_number, 0) as admission_number,
        if(
            file.is_wheel,
            substr(file.filename, length(split_part(file.filename, '-', 1)) + length(split_part(file.filename, '-', 2)) + 2),
            regexp_extract(file.filename, '(\.tar)?\.[^.]+$')
        ) as ending
    from scoped_candidates as file
    left join admitted on admitted.requires_python = file.requires_python
    where file.scope = $scope_
),

-- Names sort as their endings do, but where a release's files spell its name or version in several ways.
spelled as (
    select release_number
    from placed
    group by release_number
    having min(left(filename, length(filename) - length(ending))) < max(left(filename, length(filename) - length(ending)))
),

named as materialized (
    select placed.* exclude (filename, ending), if(spelled.release_number is null, ending, filename) as name
    from placed
    left join spelled using (release_number)
),

-- A shape is all that an installer looks at. Its number sorts as pip does between files of equal tags: the greater build
-- number (a number, then text), then the last in the index's list.
shapes as materialized (
    select
        *,
        row_number() over (order by build_key, name) as shape_number
    from (select distinct * exclude (release_number, place) from named)
),

signatures as materialized (
    select row_number() over () as signature_number, shape_numbers, list(release_number order by release_number) as release_numbers
    from (
        select named.release_number, list(shapes.shape_number order by named.place) as shape_numbers
        from named
        join shapes using (is_wheel, is_yanked, build_key, python_tag, abi_tag, platform_tag, admission_number, name)
        group by named.release_number
    )
    group by shape_numbers
),

-- Among what fits: what is not yanked, then the best tag (an sdist: below every wheel), then the shape's number.
ranked as (
    select shapes.*, rank.environment_number, 1048575 - rank.tag_rank as fit
    from shapes
    join tag_ranks as rank using (python_tag, abi_tag, platform_tag)
    union all
    select shapes.*, environments.environment_number, 0
    from shapes
    cross join environments
    where not shapes.is_wheel
),

fitting as (
    select
        ranked.shape_number,
        ranked.environment_number,
        (if(ranked.is_yanked, 0, 1048576) + ranked.fit) * 4294967296 + ranked.shape_number as preference
    from ranked
    join environments as environment using (environment_number)
    left join (select distinct admission_number, versions from admitted) as admitted using (admission_number)
    where ranked.admission_number = 0 or list_contains(admitted.versions, environment.python_version)
),

items as (
    select
        signature_number,
        unnest(shape_numbers) as shape_number,
        generate_subscripts(shape_numbers, 1)::integer as place
    from signatures
),

compared as (
    select
        items.signature_number,
        fitting.environment_number,
        items.place,
        fitting.preference > coalesce(max(fitting.preference) over (
            partition by items.signature_number, fitting.environment_number order by items.place
            rows between unbounded preceding and 1 preceding
        ), -1) as is_picked
    from items
    join fitting using (shape_number)
),

histories as (
    select signature_number, environment_number, list_sort(list(place)) as places
    from compared
    where is_picked
    group by signature_number, environment_number
),

told as (
    select
        histories.signature_number,
        environment.era,
        list_sort(list(histories.environment_number::smallint)) as environment_numbers,
        histories.places
    from histories
    join environments as environment using (environment_number)
    group by histories.signature_number, environment.era, histories.places
),

grouped as (
    select
        signature_number,
        list(
            {'era': era, 'environment_numbers': environment_numbers, 'places': places}
            order by environment_numbers[1]
        ) as histories
    from told
    group by signature_number
)

select signatures.release_numbers, grouped.histories
from grouped
join signatures using (signature_number)
