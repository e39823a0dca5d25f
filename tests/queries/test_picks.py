"""What installers picked in releases of the sample, worked out by hand from the list of files."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.dataset.dataset import Dataset
from audit.errors import UsageError

NUMPY, MARKUPSAFE, PILLOW = ("numpy", "1.6.0"), ("markupsafe", "1.1.1"), ("pillow", "9.4.0")


@pytest.fixture(scope="module")
def sample(crawled_sample: Path) -> Iterator[Dataset]:
    with Dataset(crawled_sample) as opened:
        yield opened


@pytest.mark.parametrize(
    ("release", "environment", "picked"),
    [
        # Nothing but two sdists for five years: of those pip takes the last by name. Then wheels for each ABI.
        (NUMPY, "cp27mu-manylinux_2_17_x86_64", [".zip 2016-04-20", "-cp27-cp27mu-manylinux1_x86_64.whl"]),
        (NUMPY, "cp27m-manylinux_2_17_x86_64", [".zip 2016-04-20", "-cp27-cp27m-manylinux1_x86_64.whl"]),
        # cp27-none is for both ABIs, but only on a Mac of Intel's.
        (
            NUMPY,
            "cp27m-macosx_10_15_x86_64",
            [".zip 2014-07-30", "-cp27-none-macosx_10_6_intel.macosx_10_9_intel.macosx_10_9_x86_64.whl"],
        ),
        # Installers are not what pip installs, and no later Python got a wheel.
        (NUMPY, "cp27m-win_amd64", [".zip"]),
        (NUMPY, "cp312-manylinux_2_28_x86_64", [".zip"]),
        # manylinux1 is glibc 2.5, manylinux2010 is 2.12: any Linux of today takes both, and the newer first.
        (
            MARKUPSAFE,
            "cp36-manylinux_2_17_x86_64",
            ["-cp36-cp36m-manylinux1_x86_64.whl 2021-01-29", "-cp36-cp36m-manylinux2010_x86_64.whl"],
        ),
        (
            MARKUPSAFE,
            "cp38-manylinux_2_39_x86_64",
            [
                ".tar.gz 2020-01-26",
                "-cp38-cp38-manylinux1_x86_64.whl 2021-01-29",
                "-cp38-cp38-manylinux2010_x86_64.whl",
            ],
        ),
        # On aarch64 there is no manylinux1: 2014 is the first.
        (MARKUPSAFE, "cp39-manylinux_2_17_aarch64", [".tar.gz 2021-01-29", "-cp39-cp39-manylinux2014_aarch64.whl"]),
        # A thin wheel for 10.9 is nearer to 10.15 than a fat one for 10.6.
        (
            MARKUPSAFE,
            "cp36-macosx_10_15_x86_64",
            ["-cp36-cp36m-macosx_10_6_intel.whl 2021-01-29", "-cp36-cp36m-macosx_10_9_x86_64.whl"],
        ),
        (MARKUPSAFE, "cp38-musllinux_1_2_x86_64", [".tar.gz"]),
        # Build tags: none, then 1 after four days, then 2 after fifteen; only the last is late.
        (
            PILLOW,
            "cp311-macosx_10_15_x86_64",
            [
                "-cp311-cp311-macosx_10_10_x86_64.whl 2023-01-06",
                "-1-cp311-cp311-macosx_10_10_x86_64.whl 2023-01-17",
                "-2-cp311-cp311-macosx_10_10_x86_64.whl",
            ],
        ),
        # On arm64 nothing was rebuilt; the wheel for x86_64 never fits.
        (PILLOW, "cp311-macosx_14_0_arm64", ["-cp311-cp311-macosx_11_0_arm64.whl"]),
        # 3.12 came after the release.
        (PILLOW, "cp312-macosx_13_0_x86_64", [".tar.gz"]),
    ],
)
def test_picks_are_those_worked_out_by_hand(
    sample: Dataset, release: tuple[str, str], environment: str, picked: list[str]
) -> None:
    project, version = release
    rows = sample.query("pick-history", project=project, version=version, environment=environment).rows()
    kept = [row for row in rows if row["filename"] != "numpy-1.6.0.tar.gz"]  # for the 19 seconds before the .zip
    endings = [row["filename"].partition(f"-{version}")[2] for row in kept]
    days = [f" {row['replaced_at']:%Y-%m-%d}" if row["replaced_at"] else "" for row in kept]
    assert [ending + day for ending, day in zip(endings, days, strict=True)] == picked


def test_displacing_files_are_those_that_were_looked_at(sample: Dataset) -> None:
    counts: dict[tuple[str, str, str], int] = {}
    for row in sample.query("displacing-files").rows():
        key = (row["project"], row["version"], row["reason"])
        counts[key] = counts.get(key, 0) + 1
    assert counts == {
        ("markupsafe", "1.1.1", "overlap"): 2,
        ("markupsafe", "2.0.1", "overlap"): 6,
        ("cffi", "1.14.5", "overlap"): 2,
        ("orjson", "3.8.10", "overlap"): 3,
        ("orjson", "3.6.4", "fill-in"): 1,
        ("pillow", "9.4.0", "rebuild"): 4,
    }


# Among files of one moment the history has the one that is left; picks have them one after the other.
_TWO_WAYS = """
with sets as (
    select release_number, unnest(histories, recursive := true)
    from (select unnest(release_numbers) as release_number, histories from {scope}_picks)
),
histories as (select release_number, unnest(environment_numbers) as environment_number, places from sets),
taken as (select release_number, environment_number, unnest(places) as place from histories),
scoped as (
    select candidate.release_number, candidate.place, file.project, file.version, file.filename, file.uploaded_at
    from {scope}_candidates as candidate
    join files as file using (file_number)
),
by_shape as (
    select environment.environment, scoped.project, scoped.version, scoped.filename, scoped.uploaded_at
    from taken
    join scoped using (release_number, place)
    join environments as environment using (environment_number)
    where environment.era != 'this'
    qualify row_number() over (
        partition by taken.release_number, taken.environment_number, scoped.uploaded_at order by place desc
    ) = 1
),
by_release as (
    select environment, project, version, filename, picked_at as uploaded_at
    from pick_history(environment_ := 'all')
    semi join scoped using (project, version, filename)
)
select
    (select count(*) from by_shape) as picks,
    (select count(distinct environment) from by_shape) as environments,
    (select count(*) from (from by_shape except from by_release)) as by_shape_alone,
    (select count(*) from (from by_release except from by_shape)) as by_release_alone
"""


@pytest.fixture(scope="module")
def yanked_sample(sample: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    """The sample with every third file yanked: of its own releases hardly one has some files yanked and some not."""
    copy = tmp_path_factory.mktemp("yanked")
    for path in sample.path.resolve().glob("generations/*/*.parquet"):
        rows = pq.read_table(path)
        if path.stem == "files":
            yanked = pa.array([number % 3 == 0 for number in rows["file_number"].to_pylist()])
            place = rows.schema.get_field_index("is_yanked")
            rows = rows.set_column(place, rows.schema.field(place), yanked)
        pq.write_table(rows, copy / path.name)
    for name in ("events", "crawls"):
        (copy / name).mkdir()
    with Dataset(copy) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.parametrize("scope", ["grown", "day"])
def test_two_ways_to_a_pick_agree_in_every_environment(yanked_sample: Dataset, scope: str) -> None:
    """Published numbers come from picks, the comparison with pip from pick-history: both give each pick and time."""
    [counts] = yanked_sample.sql(_TWO_WAYS.format(scope=scope)).rows()
    assert (counts["by_shape_alone"], counts["by_release_alone"]) == (0, 0)
    assert counts["picks"] > 50_000
    assert counts["environments"] > 300


def test_every_late_file_is_counted_once_by_reason_and_by_year(sample: Dataset) -> None:
    rows = sample.query("displacement").rows()
    summed = [
        "late_files",
        "displacing_file_count",
        "builds_no_more_file_count",
        "new_file_count",
        "no_effect_file_count",
    ]
    [whole] = [row for row in rows if row["counted"] == "all"]
    for counted in ("reason", "year"):
        parts = [row for row in rows if row["counted"] == counted]
        assert {name: sum(row[name] for row in parts) for name in summed} == {name: whole[name] for name in summed}


def test_the_rule_of_14_days_refuses_what_is_late_by_14_days(sample: Dataset) -> None:
    [whole] = [row for row in sample.query("displacement").rows() if row["counted"] == "all"]
    rows = sample.query("policy-displacement").rows()
    [rule] = [row for row in rows if (row["policy"], row["window"]) == ("after-first", "14d")]
    assert rule["refused_files"] == whole["late_files"]
    for name in (
        "displacing_file_count",
        "displacing_release_count",
        "builds_no_more_file_count",
        "new_file_count",
        "no_effect_file_count",
    ):
        assert rule[name] == whole[name], name


def test_an_environment_that_is_not_there_is_refused(sample: Dataset) -> None:
    with pytest.raises(UsageError, match="no environment 'cp3'"):
        sample.query("pick-history", environment="cp3")
