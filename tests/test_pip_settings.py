"""pip's configuration, compared with how pip itself reads it."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pip._internal.commands import create_command

from audit.errors import UsageError
from audit.pip_settings import is_on, pip_options

# Options that are read as they are written, and how pip's parser calls them.
OPTIONS = {"index-url": "index_url", "proxy": "proxy", "cert": "cert", "client-cert": "client_cert"}
FILES = ["xdg/pip/pip.conf", "home/.pip/pip.conf", "home/.config/pip/pip.conf", "site/pip.conf", "named.conf"]
VALUES = ["", "one", "two", "three"]
NAMES = ["proxy", "PROXY", "--proxy", "index-url", "index_url", "client-cert", "timeout"]
GLOBAL, INSTALL = {"global": {"proxy": "one"}}, {"install": {"proxy": "two"}}

sections = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), min_size=1)
files = st.dictionaries(st.sampled_from(["global", "install", "download", "DEFAULT"]), sections, min_size=1)
variables = st.dictionaries(st.sampled_from(["PIP_INDEX_URL", "PIP_PROXY", "PIP_CERT"]), st.sampled_from(VALUES))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A machine without any configuration of pip, but for the folder /etc."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [*os.environ]:
            if name.startswith("PIP_"):
                patch.delenv(name)
        patch.setenv("HOME", str(tmp_path / "home"))
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home/.config"))
        patch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "xdg"))
        patch.setattr(sys, "prefix", str(tmp_path / "site"))
        yield tmp_path


def write(file: Path, content: dict[str, dict[str, str]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        line for name, pairs in content.items() for line in [f"[{name}]", *(f"{k} = {v}" for k, v in unique(pairs))]
    ]
    file.write_text("\n".join([*lines, ""]))


def unique(pairs: dict[str, str]) -> Iterator[tuple[str, str]]:
    """An option once for each of its spellings: twice in one section is an error for pip."""
    seen = set()
    for name, value in pairs.items():
        plain = name.lower().replace("_", "-").removeprefix("--")
        if plain not in seen:
            seen.add(plain)
            yield name, "15" if plain == "timeout" else value


def pip_takes() -> dict[str, str | None]:
    """What pip's own parser takes for `pip install`."""
    values = create_command("install").parser.get_default_values()
    default = create_command("install", isolated=True).parser.defaults["index_url"]
    taken = {name: getattr(values, attribute) for name, attribute in OPTIONS.items()}
    return {name: None if value in {default, ""} else value for name, value in taken.items()}


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="the folders are those of Linux")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(
    written=st.dictionaries(st.sampled_from(FILES), files, min_size=1),
    variables=variables,
    file=st.sampled_from([None, "named.conf", "home/.config/pip/pip.conf", "xdg/pip/pip.conf", "missing", os.devnull]),
)
@example(written={"xdg/pip/pip.conf": INSTALL, "site/pip.conf": GLOBAL}, variables={}, file=None)
@example(
    written={"xdg/pip/pip.conf": GLOBAL, "site/pip.conf": {"global": {"proxy": "two"}}},
    variables={},
    file="xdg/pip/pip.conf",
)
def test_what_is_read_is_what_pip_takes(
    home: Path, written: dict[str, dict[str, dict[str, str]]], variables: dict[str, str], file: str | None
) -> None:
    for name in FILES:
        write(home / name, written.get(name, {}))
    with pytest.MonkeyPatch.context() as patch:
        if file is not None:
            patch.setenv("PIP_CONFIG_FILE", str(home / file))  # the null device is absolute, and stays
        for variable, value in variables.items():
            patch.setenv(variable, value)
        read = pip_options()
        assert {name: read.get(name) for name in OPTIONS} == pip_takes()


def test_a_list_over_several_lines_is_one_value(home: Path) -> None:
    (home / "named.conf").write_text("[global]\ntrusted-host =\n    a.example.org\n    b.example.org:8443\n")
    options = pip_options({"PIP_CONFIG_FILE": str(home / "named.conf")})
    assert options["trusted-host"].split() == ["a.example.org", "b.example.org:8443"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"index-url = https://u:pa55word@example.org/\n", "line 1 cannot be parsed"),
        (b"[global]\npa55word\n", "line 2 cannot be parsed"),
        (b"[global]\ncert = pa55word\ncert = pa55word\n", "line 3 cannot be parsed"),
        ("[global]\nproxy = http://u:pa55wörd@example.org/\n".encode("latin-1"), "is not utf-8 text"),
    ],
)
def test_a_file_that_cannot_be_parsed_is_named_and_not_repeated(home: Path, text: bytes, message: str) -> None:
    (home / "named.conf").write_bytes(text)
    with pytest.raises(UsageError, match=rf"^pip's configuration .*named\.conf.* {message}") as caught:
        pip_options({"PIP_CONFIG_FILE": str(home / "named.conf")})
    assert "pa55w" not in str(caught.value)


@pytest.mark.parametrize(("value", "on"), [("yes", True), ("1", True), ("Off", False), ("no", False)])
def test_a_switch(value: str, on: bool) -> None:
    assert is_on({"no-proxy-env": value}, "no-proxy-env") is on
    assert is_on({}, "no-proxy-env") is False
    with pytest.raises(UsageError, match="pip's no-proxy-env is 'maybe': set it to yes or no"):
        is_on({"no-proxy-env": "maybe"}, "no-proxy-env")
