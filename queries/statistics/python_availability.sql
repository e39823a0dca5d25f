/*
question = "How many late new-python wheels could not have been built in time, because that CPython came later?"
grain = "one row for each CPython version that a late new-python wheel names"
order = "by version"
source = "late_reasons and cpython_finals"
caveat = "In time means before the release's first upload. From the first release candidate on a wheel could be built: before it nobody could; between it and the final, only for a candidate. A wheel with several interpreter tags counts for each. Versions of CPython without known release days have no such counts."
uses = ["late_reasons", "cpython_finals", "days"]
in_table = ["python_tag", "final_at", "wheels", "before_candidate_wheel_count", "before_candidate_share", "before_final_wheel_count", "before_final_share", "median_us"]

[parameters]
window_days = { type = "INTEGER", default = 14, minimum = 1, maximum = 36500, unit = "days", meaning = "the allowed lag; a file exactly this late is not late" }

[columns]
python_tag = { type = "VARCHAR", meaning = "interpreter tag, such as cp312" }
release_candidate_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "first release candidate of that CPython; null: not known" }
final_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "final release of that CPython; null: not known" }
wheels = { type = "BIGINT", meaning = "late new-python wheels that name it: the denominator" }
releases = { type = "BIGINT", meaning = "releases with such a wheel" }
before_candidate_wheel_count = { type = "BIGINT", unit = "count", meaning = "those whose release was first uploaded before that first candidate: nobody could have built them in time; null: not known" }
before_candidate_share = { type = "DOUBLE", unit = "share", meaning = "before_candidate_wheel_count / wheels; null: not known" }
before_final_wheel_count = { type = "BIGINT", unit = "count", meaning = "those whose release was first uploaded before that final; null: not known" }
before_final_share = { type = "DOUBLE", unit = "share", meaning = "before_final_wheel_count / wheels; null: not known" }
lower_quartile_us = { type = "BIGINT", unit = "microseconds", meaning = "of before_final_wheel_count, from the final to the upload: a quarter came sooner; negative: before the final" }
median_us = { type = "BIGINT", unit = "microseconds", meaning = "the same: half came sooner" }
upper_quartile_us = { type = "BIGINT", unit = "microseconds", meaning = "the same: three quarters came sooner" }
*/
with named as (
    select release_number, uploaded_at, first_uploaded_at, unnest(string_split(python_tag, '.')) as python_tag
    from late_reasons(days($window_days))
    where reason = 'new-python'
),

dated as (
    select
        *,
        first_uploaded_at < release_candidate_at as is_before_candidate,
        first_uploaded_at < final_at as is_before_final,
        epoch_us(uploaded_at) - epoch_us(final_at) as after_final_us
    from named
    left join cpython_finals using (python_tag)
    where regexp_full_match(python_tag, 'cp\d\d+')
)

select
    python_tag,
    release_candidate_at,
    final_at,
    count(*) as wheels,
    count(distinct release_number) as releases,
    if(release_candidate_at is null, null, count(*) filter (is_before_candidate)) as before_candidate_wheel_count,
    before_candidate_wheel_count / wheels as before_candidate_share,
    if(final_at is null, null, count(*) filter (is_before_final)) as before_final_wheel_count,
    before_final_wheel_count / wheels as before_final_share,
    quantile_disc(after_final_us, 0.25) filter (is_before_final) as lower_quartile_us,
    quantile_disc(after_final_us, 0.5) filter (is_before_final) as median_us,
    quantile_disc(after_final_us, 0.75) filter (is_before_final) as upper_quartile_us
from dated
group by python_tag, release_candidate_at, final_at
order by python_tag[3], length(python_tag), python_tag
