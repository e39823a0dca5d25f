/*
question = "What did each wheel that a proposed rule might refuse bring to its release, and since when was it there?"
grain = "one row for each file in grown_files that is a wheel with tags"
order = "none: it is a relation to query"
source = "grown_files, file_lags, tag_sets, tag_services"
caveat = "This does not depend on the window: a reason compares these lags with the one at which a batch of late files begins."
is_shared = true
portable = true
uses = ["grown_files", "file_lags", "tag_sets", "tag_services"]

[columns]
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
same_tags_us = { type = "BIGINT", unit = "microseconds", meaning = "lag of the first wheel with the same tags, whatever its build tag" }
has_base = { type = "BOOLEAN", meaning = "a wheel of the release, also one without an upload time, has the same tags and no build tag" }
python_us = { type = "BIGINT", unit = "microseconds", meaning = "lag at which the last of its interpreters with ABI was served first" }
platform_us = { type = "BIGINT", unit = "microseconds", meaning = "lag at which the last of its platforms was served first" }
pair_us = { type = "BIGINT", unit = "microseconds", meaning = "lag at which the last of its pairs of interpreter and platform was served first" }
fitted_us = { type = "BIGINT", unit = "microseconds", meaning = "lag from which on wheels of the release fitted every environment that this wheel fits; null: a tag that no environment knows" }
*/
-- A wheel without an upload time is a base too; the minima below pass over its lag, which is null.
with wheels as materialized (
    select
        file.file_number,
        file.release_number,
        file.lag_us,
        file.build is null as is_base,
        grown.file_number is not null as may_be_refused,
        sets.set_number
    from file_lags as file
    join tag_sets as sets
        on sets.python_tag = file.python_tag
        and sets.abi_tag = file.abi_tag
        and sets.platform_tag = file.platform_tag
    left join grown_files as grown on grown.file_number = file.file_number
    where file.release_number in (select release_number from grown_files)
),

-- A key and the number of a service are one number for both, which engines find in half the time of two: a service's
-- number is less than 2^32.
same_tags as materialized (
    select
        release_number,
        set_number,
        release_number::bigint * 4294967296 as release_key,
        min(lag_us) as same_tags_us,
        count(case when is_base then 1 end) > 0 as has_base,
        count(case when may_be_refused then 1 end) > 0 as is_asked
    from wheels
    group by release_number, set_number
),

-- Since when did the release serve each? Most are served by one set of tags alone, and then since that set was there.
served as (
    select same_tags.release_key + services.service_number as service_key, min(same_tags.same_tags_us) as served_us
    from same_tags
    join tag_services as services on services.set_number = same_tags.set_number
    where same_tags.release_number in (select release_number from same_tags group by release_number having count(*) > 1)
    group by same_tags.release_key + services.service_number
    having count(*) > 1
),

-- Only files that a rule might refuse have a reason.
sought as (
    select
        same_tags.release_number,
        same_tags.set_number,
        same_tags.same_tags_us,
        same_tags.has_base,
        services.service,
        same_tags.release_key + services.service_number as service_key
    from same_tags
    join tag_services as services on services.set_number = same_tags.set_number
    where same_tags.is_asked and services.is_deciding
),

known as (
    select
        sought.release_number,
        sought.set_number,
        sought.same_tags_us,
        sought.has_base,
        sought.service,
        coalesce(served.served_us, sought.same_tags_us) as served_us
    from sought
    left join served on served.service_key = sought.service_key
),

brought as (
    select
        release_number,
        set_number,
        same_tags_us,
        has_base,
        max(case when service = 'python' then served_us end) as python_us,
        max(case when service = 'platform' then served_us end) as platform_us,
        max(case when service = 'pair' then served_us end) as pair_us,
        max(case when service = 'environment' then served_us end) as fitted_us
    from known
    group by release_number, set_number, same_tags_us, has_base
)

select
    wheel.file_number,
    brought.same_tags_us,
    brought.has_base,
    brought.python_us,
    brought.platform_us,
    brought.pair_us,
    brought.fitted_us
from wheels as wheel
join brought on brought.release_number = wheel.release_number and brought.set_number = wheel.set_number
where wheel.may_be_refused
