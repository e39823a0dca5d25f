/*
question = "What would an installer have picked, in every environment, as the files of each release came?"
grain = "one row for each set of releases whose candidates came in the same order with the same tags"
order = "none: it is a relation to query"
source = "scoped_candidates, tag_ranks, admissions, the environments; pip's order of preference, see docs/picks.md"
caveat = "A file counts as yanked if it is yanked now. Between files that are equal to pip, the last by filename is picked, as from an index that lists files by name."
uses = ["scoped_candidates", "tag_ranks", "tag_sets", "admissions"]

[parameters]
scope_ = { type = "VARCHAR", meaning = "grown or day: see scoped_candidates" }

[columns]
release_numbers = { type = "BIGINT[]", meaning = "the releases" }
wheels = { type = "BOOLEAN[]", meaning = "for each place of a candidate, whether it is a wheel" }
histories = { type = "STRUCT(era VARCHAR, environment_numbers SMALLINT[], places INTEGER[])[]", meaning = "each set of environments that saw the same: the places of the candidates that were picked from their upload on" }
*/
with chosen as materialized (
    select * exclude (scope, lag_us)
    from scoped_candidates
    where scope = $scope_
),

-- Files of one shape are alike to an installer. Between files of equal tags it takes the greater build number, then the
-- last by filename, and the shapes are numbered in that order.
shapes as materialized (
    select row_number() over (order by build_key, name, set_number, admission_number, is_wheel, is_yanked) as shape_number, *
    from (select distinct * exclude (release_number, file_number) from chosen)
),

-- Many releases have files of the same shapes in the same order, so that picks are compared once for all of them.
signatures as materialized (
    select row_number() over () as signature_number, shape_numbers, list(release_number order by release_number) as release_numbers
    from (
        -- As list(shape_number order by file_number), in a tenth of its time.
        select
            chosen.release_number,
            [each & 4294967295 for each in list_sort(list(chosen.file_number * 4294967296 + shapes.shape_number))] as shape_numbers
        from chosen
        join shapes using (name, set_number, admission_number, build_key, is_wheel, is_yanked)
        group by chosen.release_number
    )
    where $scope_ = 'grown' or length(shape_numbers) > 1
    group by shape_numbers
),

-- Of the files that fit: those that are not yanked, then the best tag (an sdist: below every wheel), then the shape's number.
ranked as (
    select shapes.*, rank.environment_number, 1048575 - rank.tag_rank as fit
    from shapes
    join tag_sets using (set_number)
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
    left join (select distinct admission_number, versions from admissions) as admitted using (admission_number)
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

by_era as (
    select
        histories.signature_number,
        environment.era,
        list_sort(list(histories.environment_number::smallint)) as environment_numbers,
        histories.places
    from histories
    join environments as environment using (environment_number)
    group by histories.signature_number, environment.era, histories.places
),

kinds as (
    select items.signature_number, list(shapes.is_wheel order by items.place) as wheels
    from items
    join shapes using (shape_number)
    group by items.signature_number
),

grouped as (
    select
        signature_number,
        list(
            {'era': era, 'environment_numbers': environment_numbers, 'places': places}
            order by environment_numbers[1]
        ) as histories
    from by_era
    group by signature_number
)

select signatures.release_numbers, kinds.wheels, grouped.histories
from grouped
join signatures using (signature_number)
join kinds using (signature_number)
