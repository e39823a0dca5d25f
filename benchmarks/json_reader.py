"""DuckDB alone, over JSON as the index answered it: the files with a lag over 14 days, in one statement.

python -m benchmarks.json_reader pages|documents PATTERN

A page of the Index API names no release: the statement reads it in the filename, as someone would who knows wheels,
sdists, eggs and installers. A document of the JSON API names it.
"""

import json
import sys
import time
from typing import Final

import duckdb

PAGES: Final = r"""
with pages as (
    select name, unnest(files) as file
    from read_json(
        $pattern,
        columns = {name: 'varchar', files: 'struct(filename varchar, "upload-time" timestamptz)[]'},
        maximum_object_size = 268435456
    )
),

files as (
    select
        name as project,
        file.filename as filename,
        file."upload-time" as uploaded_at,
        case
            when file.filename ilike '%.whl' then split_part(file.filename, '-', 2)
            else regexp_extract(
                file.filename,
                '^' || replace(name, '-', '[-_.]+') || '-(.+?)(-py[0-9.]+)?([-.](win|linux|macosx).*)?'
                || '(\.tar\.gz|\.tar\.bz2|\.tgz|\.zip|\.egg|\.exe|\.msi|\.rpm)$',
                1,
                'i'
            )
        end as version
    from pages
),

lags as (
    select filename, uploaded_at - min(uploaded_at) over (partition by project, version) as lag from files
)

select filename from lags where lag > interval 14 days order by filename
"""

DOCUMENTS: Final = """
with documents as (
    select info.name as project, unnest(map_entries(releases)) as release
    from read_json(
        $pattern,
        columns = {
            info: 'struct(name varchar)',
            releases: 'map(varchar, struct(filename varchar, upload_time_iso_8601 timestamptz)[])'
        },
        maximum_object_size = 268435456
    )
),

files as (
    select project, release.key as version, unnest(release.value) as file
    from documents
),

lags as (
    select
        file.filename as filename,
        file.upload_time_iso_8601 - min(file.upload_time_iso_8601) over (partition by project, version) as lag
    from files
)

select filename from lags where lag > interval 14 days order by filename
"""


def main() -> None:
    """Asks once and says, as JSON, which files are late, and in how many seconds, start-up aside."""
    form, pattern = sys.argv[1:]
    began = time.perf_counter()
    rows = duckdb.execute({"pages": PAGES, "documents": DOCUMENTS}[form], {"pattern": pattern}).fetchall()
    answer = {"seconds": time.perf_counter() - began, "late": [filename for (filename,) in rows]}
    print(json.dumps(answer))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
