/*
question = "Which files can an installer pick at all, for a release that is pinned?"
grain = "one row for each timed sdist and wheel whose name an installer takes for the release"
order = "none: it is a relation to query"
source = "file_lags, odd_names"
caveat = "A version that is not PEP 440 cannot be pinned. Eggs, installers and other formats are never picked. Where the source does not say whether a file is yanked (null), it counts as not yanked."
uses = ["file_lags", "odd_names", "build_key"]

[columns]
release_number = { type = "BIGINT", meaning = "the release in files.parquet and releases.parquet" }
file_number = { type = "BIGINT", meaning = "the file in files.parquet" }
filename = { type = "VARCHAR", meaning = "name of the file" }
is_wheel = { type = "BOOLEAN", meaning = "a wheel, else an sdist" }
uploaded_at = { type = "TIMESTAMP WITH TIME ZONE", unit = "UTC", meaning = "when it was uploaded" }
lag_us = { type = "BIGINT", unit = "microseconds", meaning = "how long after the first file of the release" }
build_key = { type = "VARCHAR", meaning = "sorts as build tags do: none, then by number, then by what follows it" }
python_tag = { type = "VARCHAR", meaning = "a wheel's interpreter tags; null: an sdist" }
abi_tag = { type = "VARCHAR", meaning = "a wheel's ABI tags; null: an sdist" }
platform_tag = { type = "VARCHAR", meaning = "a wheel's platform tags; null: an sdist" }
requires_python = { type = "VARCHAR", meaning = "interpreters that it admits, as written; null: any" }
ending = { type = "VARCHAR", meaning = "what follows the name and version in the filename, by their lengths" }
is_yanked = { type = "BOOLEAN", meaning = "yanked (PEP 592); false also where the source does not say" }
*/
select
    file.release_number,
    file.file_number,
    file.filename,
    file.kind = 'wheel' as is_wheel,
    file.uploaded_at,
    file.lag_us,
    build_key(file.build) as build_key,
    file.python_tag,
    file.abi_tag,
    file.platform_tag,
    file.requires_python,
    substr(file.filename, length(file.project) + length(file.version) + 2) as ending,
    coalesce(file.is_yanked, false) as is_yanked
from file_lags as file
left join odd_names as odd on odd.file_number = file.file_number
where
    file.lag_us is not null
    and file.is_prerelease is not null -- PEP 440; read in a fraction of the time of version_key
    and (file.kind = 'sdist' or (file.kind = 'wheel' and file.python_tag is not null))
    and odd.is_of_release is not false
