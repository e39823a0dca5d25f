"""The environments: lists of tags in rank order, as packaging and pip have them."""

import sys
from pathlib import Path
from typing import Any

import pytest
from packaging import _manylinux, _musllinux, tags
from packaging.tags import Tag, parse_tag

from audit.dataset.dataset import Dataset
from audit.errors import UsageError
from audit.queries.environments import Environment, all_environments, find, select, this_environment
from audit.queries.environments.relations import PLATFORM_RANKS, relations
from tests.dataset_builder import make_dataset

ALL = all_environments()


def rank(environment: str, tag: str) -> int:
    [parsed] = parse_tag(tag)
    return find(environment).tags.index(parsed)


def test_names_are_unique_and_found() -> None:
    assert len({each.name for each in ALL}) == len(ALL)
    assert all(find(each.name) == each for each in ALL)
    assert sum(each.interpreter.is_current for each in ALL) == 223


def test_all_are_those_of_both_eras() -> None:
    assert select("all") == [*select("today"), *select("past")] == list(ALL)


def test_every_cpython_that_is_simulated_has_a_known_final(tmp_path: Path) -> None:
    with Dataset(make_dataset(tmp_path)) as dataset:
        known = {row["python_tag"] for row in dataset.sql("from cpython_finals").rows()}
    simulated = {"cp" + "".join(map(str, each.interpreter.minor_version)) for each in ALL if is_cpython(each)}
    assert simulated <= known
    assert known - simulated == {"cp32"}, "no environment runs 3.2, but wheels name it"


def is_cpython(environment: Environment) -> bool:
    return environment.interpreter.implementation == "cp"


def test_a_tag_is_once_in_a_list() -> None:
    assert all(len(set(each.tags)) == len(each.tags) for each in ALL)


def test_ranks_of_the_two_short_lists_sort_as_the_long_one() -> None:
    known = [*ALL, this_environment()]
    tables = {name: table.to_pylist() for name, table in relations(known).items()}
    for environment in known:
        assert product_of(environment, tables) == environment.tags


def product_of(environment: Environment, tables: dict[str, list[dict[str, Any]]]) -> list[Tag]:
    pairs = [row for row in tables["interpreter_ranks"] if row["interpreter"] == environment.interpreter.name]
    platforms = [row for row in tables["platform_ranks"] if row["platform"] == environment.platform.name]
    assert len(platforms) < PLATFORM_RANKS
    ranked = [
        (pair["pair_rank"] + platform["platform_rank"], pair["python_tag"], pair["abi_tag"], platform["platform_tag"])
        for pair in pairs
        for platform in ([{"platform_rank": 0, "platform_tag": "any"}] if pair["is_any"] else platforms)
    ]
    return [Tag(*names) for _, *names in sorted(ranked)]


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="pip and packaging differ on PyPy")
def test_this_is_the_running_interpreter() -> None:
    assert find("this").tags == list(tags.sys_tags())
    assert find("this").interpreter.version == ".".join(map(str, sys.version_info[:3]))


@pytest.mark.parametrize("minor", [17, 28, 39])
@pytest.mark.parametrize("architecture", ["x86_64", "aarch64", "i686"])
def test_glibc_admits_what_packaging_finds_on_such_a_machine(
    architecture: str, minor: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # packaging asks the machine and takes no glibc as an argument: one can be set only inside it.
    monkeypatch.setattr(_manylinux, "_get_glibc_version", lambda: (2, minor))
    monkeypatch.setattr(_manylinux, "_have_compatible_abi", lambda *_: True)
    expected = [f"linux_{architecture}", *_manylinux.platform_tags([architecture])]
    assert list(find(f"cp312-manylinux_2_{minor}_{architecture}").platform.tags) == expected


@pytest.mark.parametrize("architecture", ["x86_64", "aarch64"])
def test_musl_admits_what_packaging_finds_on_such_a_machine(architecture: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_musllinux, "_get_musl_version", lambda _: _musllinux._MuslVersion(1, 2))
    expected = [f"linux_{architecture}", *_musllinux.platform_tags([architecture])]
    assert list(find(f"cp312-musllinux_1_2_{architecture}").platform.tags) == expected


def test_the_abis_of_the_past() -> None:
    assert rank("cp27mu-manylinux_2_17_x86_64", "cp27-cp27mu-manylinux1_x86_64") > 0
    assert rank("cp27m-manylinux_2_17_x86_64", "cp27-cp27m-manylinux1_x86_64") > 0
    with pytest.raises(ValueError, match="not in list"):
        rank("cp27mu-manylinux_2_17_x86_64", "cp27-cp27m-manylinux1_x86_64")
    assert rank("cp36-win32", "cp36-cp36m-win32") == 0
    assert rank("cp38-win32", "cp38-cp38-win32") == 0
    assert {each.platform.name for each in ALL if each.interpreter.name == "cp27mu"}.isdisjoint({"win32", "win_amd64"})


def test_free_threaded_interpreters_take_no_abi3() -> None:
    assert rank("cp313-win_amd64", "cp39-abi3-win_amd64") > 0
    with pytest.raises(ValueError, match="not in list"):
        rank("cp313t-win_amd64", "cp39-abi3-win_amd64")
    assert rank("cp315t-win_amd64", "cp315-abi3t-win_amd64") > rank("cp315t-win_amd64", "cp315-cp315t-win_amd64")


def test_pypy_has_its_own_name_where_pip_gives_it() -> None:
    assert rank("pp311-win_amd64", "pp311-pypy311_pp73-win_amd64") == 0
    assert rank("pp311-win_amd64", "pp311-none-any") > 0


def test_macs_take_fat_wheels_and_older_systems() -> None:
    arm = "cp312-macosx_14_0_arm64"
    assert rank(arm, "cp312-cp312-macosx_11_0_arm64") < rank(arm, "cp312-cp312-macosx_10_9_universal2")
    assert rank("cp312-macosx_13_0_x86_64", "cp312-cp312-macosx_10_6_intel") > 0


def test_an_unknown_name_says_which_is_close() -> None:
    with pytest.raises(UsageError, match=r"no environment 'cp312-linux': did you mean 'cp\w+-\w+'"):
        find("cp312-linux")
