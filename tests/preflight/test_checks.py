"""Checks of all files together."""

from datetime import timedelta

import pytest
from packaging.version import Version

from audit.findings.level import Level
from audit.preflight.built import BuiltFile
from audit.preflight.checks import SetFinding, check_sets, next_version, sets_of
from audit.preflight.choice import Check
from audit.preflight.listed import Listed
from audit.preflight.rule import UploadRule
from audit.preflight.states import states_of
from tests.preflight.builders import AT, PYPI, SPAM, built, listed, listed_file

SDIST = "spam-1.1.tar.gz"


def wheels(version: str, *tags: str) -> list[str]:
    return [f"spam-{version}-{tag}.whl" for tag in tags]


def found(files: list[BuiltFile], has: Listed, rule: UploadRule | None = PYPI) -> list[SetFinding]:
    known = {file.project: Listed(file.project) for file in files if file.project is not None} | {SPAM: has}
    return check_sets(sets_of(states_of(files, known, rule, AT), known, rule))


def why_of(check: Check, files: list[str], has: Listed, rule: UploadRule | None = PYPI) -> str | None:
    """What is said by one check; None: it finds nothing."""
    return next((each.why for each in found([built(name) for name in files], has, rule) if each.check is check), None)


def old(*tags: str, version: str = "1.0") -> Listed:
    """An index with a release of wheels with these tags, and an sdist."""
    names = [f"spam-{version}.tar.gz", *wheels(version, *tags)]
    return listed(*(listed_file(name, timedelta(days=100)) for name in names))


def test_a_set_in_order_has_nothing() -> None:
    tags = ["cp312-cp312-win_amd64", "cp313-cp313-manylinux_2_28_x86_64"]
    assert found([built(SDIST), *map(built, wheels("1.1", *tags))], old(*tags)) == []


def test_several_projects_and_versions() -> None:
    files = [built(name) for name in ("eggs-1.0.tar.gz", "spam-1.9.tar.gz", "spam-1.10.tar.gz")]
    assert [(each.check, each.project, each.why) for each in found(files, listed())] == [
        (Check.SEVERAL_PROJECTS, None, "files of 2 projects: eggs, spam"),
        (Check.SEVERAL_VERSIONS, "spam", "files of 2 versions: 1.9, 1.10; were old ones left in the folder?"),
    ]


@pytest.mark.parametrize("status", ["archived", "quarantined"])
def test_a_project_that_is_closed(status: str) -> None:
    assert why_of(Check.INDEX_STATUS, [SDIST], listed(index_status=status)) == (
        f"the index says that the project is {status}: it takes no file while it is"
    )
    assert why_of(Check.INDEX_STATUS, [SDIST], listed(index_status="deprecated")) is None


def test_no_sdist() -> None:
    pure = "spam-1.1-py3-none-any.whl"
    [note] = found([built(pure)], listed())
    assert (note.check, note.level, note.why) == (Check.NO_SDIST, Level.NOTE, "no sdist")
    warning = found([built(pure)], old("py3-none-any"))[0]
    assert (warning.level, warning.why) == (Level.WARNING, "no sdist, and 1.0 had one")
    assert why_of(Check.NO_SDIST, [pure], listed(listed_file(SDIST))) is None, "the release has it already"


@pytest.mark.parametrize(
    ("had", "have", "expected"),
    [
        (["cp312-cp312-win_amd64", "cp312-cp312-win_arm64"], ["cp312-cp312-win_amd64"], "no win_arm64"),
        (["cp312-cp312-win_amd64", "cp39-cp39-win_amd64"], ["cp312-cp312-win_amd64"], "no cp39"),
        (
            ["cp39-cp39-win32", "cp312-cp312-win_amd64", "cp39-cp39-win_amd64"],
            ["cp312-cp312-win_amd64"],
            "no win32, no cp39",
        ),
        (
            ["cp311-cp311-win32", "cp312-cp312-win32", "cp311-cp311-win_amd64", "cp312-cp312-win_amd64"],
            ["cp311-cp311-win32", "cp311-cp311-win_amd64", "cp312-cp312-win_amd64"],
            "no cp312 for win32",
        ),
        (["cp312-cp312-win_amd64", "cp313-cp313-win_amd64"], ["cp312-abi3-win_amd64"], None),
        (["cp312-cp312-manylinux_2_17_x86_64"], ["cp312-cp312-manylinux_2_28_x86_64"], None),
        (
            ["cp312-cp312-macosx_11_0_arm64", "cp312-cp312-macosx_10_9_x86_64"],
            ["cp312-cp312-macosx_11_0_universal2"],
            None,
        ),
        (["cp312-cp312-win_amd64"], ["py3-none-any"], None),
        (["cp312-cp312-win_amd64"], [], None),
    ],
)
def test_incomplete(had: list[str], have: list[str], expected: str | None) -> None:
    found = why_of(Check.INCOMPLETE, [SDIST, *wheels("1.1", *have)], old(*had))
    assert found == (None if expected is None else f"against 1.0: {expected} this time")


def test_incomplete_counts_what_the_release_has_already_and_what_is_not_admitted() -> None:
    had, have = old("cp39-cp39-win_amd64", "cp312-cp312-win_amd64"), wheels("1.1", "cp312-cp312-win_amd64")
    assert why_of(Check.INCOMPLETE, have, had) == "against 1.0: no cp39 this time"
    assert Check.INCOMPLETE not in {each.check for each in found([built(have[0], requires_python=">=3.10")], had)}
    there = listed(*had.files, listed_file("spam-1.1-cp39-cp39-win_amd64.whl"))
    assert why_of(Check.INCOMPLETE, have, there) is None


@pytest.mark.parametrize(
    ("versions", "version", "expected"),
    [
        (["1.0", "1.2", "2.0"], "1.3", "1.2"),
        (["1.0", "1.3rc1"], "1.3", "1.0"),
        (["1.0", "1.3rc1"], "1.3rc2", "1.3rc1"),
        (["2.0"], "1.3", None),
        (["no-version", "1.0"], "1.3", "1.0"),
    ],
)
def test_the_release_to_compare_with(versions: list[str], version: str, expected: str | None) -> None:
    tag = "cp312-cp312-win_arm64"
    has = listed(*(listed_file(f"spam-{each}-{tag}.whl", version=each) for each in versions), versions=["1.2.9"])
    said = why_of(Check.INCOMPLETE, wheels(version, "cp312-cp312-win_amd64"), has)
    assert said == (None if expected is None else f"against {expected}: no win_arm64 this time")


def test_a_forgotten_bump() -> None:
    tags = ["cp312-cp312-win_amd64", "cp313-cp313-win_amd64"]
    has, [one, _] = old(*tags), wheels("1.0", *tags)
    again = found([built(one, "new")], has)
    assert [each.check for each in again] == [Check.FORGOTTEN_BUMP, Check.POST_RELEASE]
    assert again[0].why == (
        f"version 1.0 is there, with other content for the same tags: {one}; was the version not raised?"
    )
    assert again[1].why.startswith("give these files a version of their own, such as 1.0.post1:")
    assert why_of(Check.FORGOTTEN_BUMP, [one], has) is None, "the same content"
    other_spelling = "spam-1.0.0-cp313-cp313-win_amd64.whl"
    assert why_of(Check.FORGOTTEN_BUMP, [other_spelling], has) is not None
    assert why_of(Check.FORGOTTEN_BUMP, wheels("1.0", "cp314-cp314-win_amd64"), has) is None, "tags of its own"
    assert why_of(Check.FORGOTTEN_BUMP, wheels("1.0-1", tags[0]), has) is None, "a build number is no mistake"


def test_a_build_number() -> None:
    rebuilt = wheels("1.0-1", "cp312-cp312-win_amd64")
    said = why_of(Check.BUILD_NUMBER, rebuilt, listed())
    assert said == (
        f"{rebuilt[0]}: a build number can repair a release only for 14 days after its first file; "
        "after that, a post release can"
    )
    assert why_of(Check.BUILD_NUMBER, rebuilt, old("cp312-cp312-win_amd64")) is None, "it is late, which is reported"
    assert why_of(Check.BUILD_NUMBER, rebuilt, listed(), None) is None
    assert why_of(Check.BUILD_NUMBER, rebuilt, listed(), UploadRule(None)) is None


def test_wheels_that_one_abi3_wheel_would_replace() -> None:
    several = wheels("1.1", *(f"cp{minor}-cp{minor}-win_amd64" for minor in (310, 311, 312)))
    beside = wheels("1.1", "cp313-cp313t-win_amd64", "cp312-cp312-win_arm64", "py3-none-any")
    said = why_of(Check.ABI3, [*several, *beside], listed())
    assert said is not None
    assert said.startswith("3 wheels are for one CPython each")
    assert "one cp310-abi3 wheel for each platform" in said
    assert why_of(Check.ABI3, [several[0], *beside], listed()) is None
    assert why_of(Check.ABI3, [*several, *wheels("1.1", "cp310-abi3-win_amd64")], listed()) is None


@pytest.mark.parametrize(
    ("version", "taken", "expected"),
    [
        ("1.0", [], "1.0.post1"),
        ("1.0", ["1.0.post1", "1.0.0.post2"], "1.0.post3"),
        ("1.0.post1", [], "1.0.post2"),
        ("1!2.3", [], "1!2.3.post1"),
        ("1.0rc1", ["1.0rc2"], "1.0rc3"),
        ("1.0.dev4", [], "1.0.dev5"),
        ("1.0a1.post2.dev3", [], "1.0a1.post2.dev4"),
    ],
)
def test_what_to_do_instead(version: str, taken: list[str], expected: str) -> None:
    following = next_version(Version(version), listed(versions=[version, *taken, "no-version"]))
    assert (str(following), following > Version(version)) == (expected, True)
