"""An export of a table of uploads as large as an index's: the recorded sample many times under other names.

Projects have names by the time that they are taken and by their versions, so that there are about as many as an index
has; rows come in the order of the uploads, so that those of a project lie far apart.
"""

from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from audit.dataset.engine import Engine, literal
from tests.bigquery import sample_rows, write

_FILES: Final = 8
# So many rows of the sample, each time that it is taken, follow each other.
_NEIGHBOURS: Final = 500
_MANY: Final = r"""
copy (
    with sampled as (
        select *, file_row_number as place, chr((97 + hash(version) % 20)::integer) as part
        from read_parquet({sample}, file_row_number = true)
        where file_row_number between {first} and {last}
    ),

    taken as (select * from sampled cross join (select unnest(range({repeats})) as time)),

    versioned as (
        select *, time % 3 = 0 and version ~ '^[0-9]' and contains(filename, '-' || version) as is_other
        from taken
    )

    select
        'r' || time || part || '-' || name as name,
        if(is_other, time + 1 || '.' || version, version) as version,
        'r' || time || part || '_'
        || if(is_other, replace(filename, '-' || version, '-' || (time + 1) || '.' || version), filename) as filename,
        upload_time + to_microseconds(time * 1000) as upload_time,
        size,
        packagetype,
        requires_python,
        lpad(to_hex(time), 8, '0') || sha256_digest[9:] as sha256_digest,
        uploaded_via,
        metadata_version,
        python_version,
        path,
        has_signature,
        md5_digest,
        blake2_256_digest
    from versioned
    order by place // {neighbours}
) to {target} (format parquet, compression snappy, row_group_size 122880)
"""


def write_export(folder: Path, files: int) -> list[Path]:
    """Parquet files of about so many rows in all; the same arguments give the same rows."""
    sample = write(folder / "sample.parquet", sample_rows())
    count = pq.read_metadata(sample).num_rows
    each = -(-count // _FILES)
    paths = [folder / f"{number:012d}.parquet" for number in range(_FILES)]
    with Engine([folder], spill=folder / "spill", memory="4GB") as engine:
        for number, path in enumerate(paths):
            engine.run(
                _MANY.format(
                    sample=literal(str(sample)),
                    target=literal(str(path)),
                    first=number * each,
                    last=(number + 1) * each - 1,
                    repeats=round(files / count),
                    neighbours=_NEIGHBOURS,
                )
            )
    return paths
