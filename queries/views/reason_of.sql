/*
question = "Why is a file late?"
grain = "one row: the first reason that applies"
order = "none: one row"
source = "the lags that grown_files and grown_tags give, and the lag at which the file's batch began"
caveat = "Before means: uploaded before the batch began. Where wheels before fitted every environment that this one fits, through abi3, py3, universal2 or an older manylinux, it is overlap, however its tags are spelled; where no environment knows one of its tags, tags are compared as they are written. A wheel whose name has no readable tags counts as overlap, a file of unknown kind as legacy-format."
portable = true
is_formula = true

[parameters]
kind_ = { type = "VARCHAR", meaning = "kind of the file" }
batch_ = { type = "INTEGER", meaning = "lag at which its batch began, in microseconds" }
wheel_ = { type = "INTEGER", meaning = "wheel_us of grown_files" }
same_tags_ = { type = "INTEGER", meaning = "same_tags_us of grown_tags" }
fitted_ = { type = "INTEGER", meaning = "fitted_us of grown_tags" }
python_ = { type = "INTEGER", meaning = "python_us of grown_tags" }
platform_ = { type = "INTEGER", meaning = "platform_us of grown_tags" }
pair_ = { type = "INTEGER", meaning = "pair_us of grown_tags" }

[columns]
reason = { type = "VARCHAR", choices = ["legacy-format", "sdist", "first-wheel", "rebuild", "new-python", "new-platform", "fill-in", "overlap"], meaning = "the reason" }
*/
select
    case
        when $kind_ = 'sdist' then 'sdist'
        when coalesce($kind_, '') != 'wheel' then 'legacy-format'
        when $wheel_ >= $batch_ then 'first-wheel'
        when $same_tags_ < $batch_ then 'rebuild'
        when $fitted_ < $batch_ then 'overlap'
        when $python_ >= $batch_ then 'new-python'
        when $platform_ >= $batch_ then 'new-platform'
        when $pair_ >= $batch_ then 'fill-in'
        else 'overlap'
    end as reason
