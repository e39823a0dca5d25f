/*
question = "What would an installer have picked, in every environment, as the files of each release came?"
grain = "one row for each set of releases whose candidates came in the same order with the same tags"
order = "none: it is a relation to query"
source = "scoped_candidates, tag_ranks, python_admissions, the environments; pip's order of preference, see docs/picks.md"
caveat = "A file counts as yanked if it is yanked now. Between files that are equal to pip, the last by filename is picked, as from an index that lists files by name."
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
        release_number,
        file_number,
        filename,
        is_wheel,
        is_yanked,
        build_key,
        coalesce(python_tag, '') as python_tag,
        coalesce(abi_tag, '') as abi_tag,
        coalesce(platform_tag, '') as platform_tag,
        requires_python,
        if(
            is_wheel,
            substr(filename, length(split_part(filename, '-', 1)) + length(split_part(filename, '-', 2)) + 2),
            regexp_extract(filename, '(\.tar)?\.[^.]+$')
        ) as ending
    from scoped_candidates
    where scope = $scope_
),

-- Names sort as their endings do, but where a release's files spell its name or version in several ways. There they are
-- numbered in their order: what is the same in many releases is compared once.
spelled as (
    select release_number
    from placed
    group by release_number
    having min(left(filename, length(filename) - length(ending))) < max(left(filename, length(filename) - length(ending)))
),

ordered as (
    select
        placed.file_number,
        printf('%09d', row_number() over (partition by placed.release_number order by placed.filename)) as name
    from placed
    semi join spelled using (release_number)
),

named as materialized (
    select placed.* exclude (filename, ending), coalesce(ordered.name, placed.ending) as name
    from placed
    left join ordered using (file_number)
),

-- A shape is all that an installer looks at. Its number sorts as pip does between files of equal tags: the greater build
-- number (a number, then text), then the last in the index's list. What admits the same interpreters is one shape, however
-- it is written: so the few that are written differently are found first.
written as materialized (
    select *, row_number() over () as written_number
    from (select distinct * exclude (release_number, file_number) from named)
),

admitting as materialized (
    select
        written.* exclude (requires_python),
        coalesce(admitted.admission_number, 0) as admission_number
    from written
    left join admitted on admitted.requires_python = written.requires_python
),

shapes as materialized (
    select
        *,
        row_number() over (order by build_key, name) as shape_number
    from (select distinct * exclude (written_number) from admitting)
),

numbered as materialized (
    select admitting.written_number, shapes.shape_number
    from admitting
    join shapes using (is_wheel, is_yanked, build_key, python_tag, abi_tag, platform_tag, admission_number, name)
),

seen as materialized (
    select named.release_number, named.file_number, written.written_number
    from named
    join written
        on written.name = named.name
        and written.python_tag = named.python_tag
        and written.abi_tag = named.abi_tag
        and written.platform_tag = named.platform_tag
        and written.build_key = named.build_key
        and written.is_wheel = named.is_wheel
        and written.is_yanked = named.is_yanked
        and written.requires_python is not distinct from named.requires_python
),

signatures as materialized (
    select row_number() over () as signature_number, shape_numbers, list(release_number order by release_number) as release_numbers
    from (
        -- As list(shape_number order by file_number), in a tenth of its time.
        select
            seen.release_number,
            [each & 4294967295 for each in list_sort(list(seen.file_number * 4294967296 + numbered.shape_number))] as shape_numbers
        from seen
        join numbered using (written_number)
        group by seen.release_number
    )
    where $scope_ = 'grown' or length(shape_numbers) > 1
    group by shape_numbers
),

-- Of the files that fit: those that are not yanked, then the best tag (an sdist: below every wheel), then the shape's number.
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
