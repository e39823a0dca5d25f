/*
question = "What did the index say, in a form that is the same on every machine and through both APIs?"
grain = "one row for each file, and one for each release"
order = "none: it is a relation to query"
source = "files, releases"
caveat = "The fingerprint of a dataset is the SHA-256 of these lines, each ended by a line feed: those of the releases by place, then those of the files by place. A place is that of the dataset's order: by project and version, files then by upload time (none last) and filename; versions as PEP 440 sorts them, others last and equal ones as text; text is compared as bytes. It leaves out what only one API has, what the program computes, and when a crawl saw it. A source without yanks has null in their place, so its lines differ from those of a crawl."

[columns]
project = { type = "VARCHAR", meaning = "name of the project" }
version = { type = "VARCHAR", meaning = "version as the index spells it" }
filename = { type = "VARCHAR", meaning = "name of the file; null: the line is about the release" }
is_release = { type = "BOOLEAN", meaning = "the line is about the release" }
place = { type = "BIGINT", meaning = "release_number or file_number" }
line = { type = "VARCHAR", meaning = "a JSON list without blanks; of a release project and version, of a file project, version, filename, microseconds of its upload since 1970, size in bytes, SHA-256, requires_python, is_yanked (null: not given), yanked_reason" }
*/
select
    project,
    version,
    null::varchar as filename,
    true as is_release,
    release_number as place,
    json_array(project, version)::varchar as line
from dataset.releases
union all by name
select
    project,
    version,
    filename,
    false as is_release,
    file_number as place,
    json_array(
        project, version, filename, epoch_us(uploaded_at), size_bytes, sha256, requires_python, is_yanked, yanked_reason
    )::varchar as line
from files
