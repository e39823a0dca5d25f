"""Conditions of pins: in simulated environments, and in this one as packaging has it."""

import pytest
from packaging.markers import Marker

from audit.errors import UsageError
from audit.queries.environments import all_environments
from audit.scan.markers import applies


@pytest.mark.parametrize(
    ("marker", "environment", "expected"),
    [
        (None, "cp312-win_amd64", True),
        ("sys_platform == 'win32'", "cp312-win_amd64", True),
        ("sys_platform == 'win32'", "cp312-manylinux_2_28_x86_64", False),
        ("platform_machine == 'arm64' and platform_system == 'Darwin'", "cp312-macosx_14_0_arm64", True),
        ("platform_machine == 'aarch64'", "cp312-musllinux_1_2_aarch64", True),
        ("platform_machine == 'x86'", "cp312-win32", True),
        ("python_version < '3.9'", "cp38-win_amd64", True),
        ("python_version < '3.9'", "cp310-win_amd64", False),
        ("implementation_name == 'pypy'", "pp311-manylinux_2_28_x86_64", True),
        ("platform_python_implementation == 'CPython'", "cp27m-win_amd64", True),
        ("os_name == 'posix'", "cp312-macosx_14_0_arm64", True),
        ("extra == 'test'", "cp312-win_amd64", False),
        ("'test' in dependency_groups", "cp312-win_amd64", False),
    ],
)
def test_in_an_environment(marker: str | None, environment: str, expected: bool) -> None:
    assert applies(marker, environment) is expected


def test_here_as_packaging_has_it() -> None:
    for marker in ("sys_platform == 'win32'", "python_version >= '3.11'", "os_name == 'posix'"):
        assert applies(marker, "this") is Marker(marker).evaluate()


def test_what_cannot_be_decided_holds() -> None:
    assert applies("no marker at all", "cp312-win_amd64")
    assert applies("no marker at all", "this")


def test_every_environment_has_its_values() -> None:
    for environment in all_environments():
        assert applies("os_name != ''", environment.name)
        assert applies("platform_machine != ''", environment.name)


def test_an_unknown_environment_is_refused() -> None:
    with pytest.raises(UsageError, match="no environment"):
        applies(None, "cp999-win_amd64")
