"""--quiet and --verbose, which every command has, and errors that are one line without them."""

import logging
from pathlib import Path

import pytest

from audit.replay.server import serving
from tests.cli.programs import every_command, invoke, run_here
from tests.pages import spam


def test_every_command_has_both() -> None:
    for words, command in every_command():
        options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert {"--verbose", "-v", "--quiet", "-q"} <= options, words


@pytest.mark.parametrize(
    ("options", "is_reported"), [([], True), (["-q"], False), (["--quiet"], False), (["-q", "-v"], True)]
)
def test_quiet_leaves_nothing_but_the_answer(sample: str, options: list[str], is_reported: bool) -> None:
    ended = run_here("check", "--dataset", sample, *options)
    assert ended.returncode == 0
    assert ("assertions hold" in ended.stderr) is is_reported
    assert ended.stdout == ""


def test_warnings_are_shown_even_if_quiet(tmp_path: Path) -> None:
    spam(tmp_path / "pages", "spam-1.0.tar.gz", uploaded_at="2999-01-01T00:00:00Z")
    with serving(tmp_path / "pages") as address:
        ended = run_here(
            "crawl", "-q", "--index-url", address, "--dataset", str(tmp_path / "data"), "--project", "spam"
        )
    assert ended.returncode == 4
    assert ended.stderr.startswith("release-audit: upload-time-is-plausible FAILED")
    assert ended.stderr.count("\n") == 1


def test_verbose_tells_requests_queries_and_where_an_error_came_from(tmp_path: Path) -> None:
    spam(tmp_path / "pages", "spam-1.0.tar.gz")
    data = str(tmp_path / "da\x1bta")
    with serving(tmp_path / "pages") as address:
        with_password = address.replace("127", "me:s3cret@127", 1)
        ended = run_here("crawl", "-v", "--index-url", with_password, "--dataset", data, "--project", "spam")
    assert f"{address.removesuffix('simple/')}pypi/spam/json" in ended.stderr
    assert "release-audit: file-counts-agree {}: 0 rows" in ended.stderr
    assert "s3cret" not in ended.stderr
    assert "\x1b" not in ended.stderr
    failed = run_here("status", "-v", "--dataset", "nowhere").stderr.splitlines()
    assert failed[0] == "release-audit: Traceback (most recent call last):"
    assert failed[-1].startswith("release-audit: no dataset at nowhere")
    assert all(line.startswith("release-audit: ") for line in failed)


def test_a_command_leaves_logging_as_it_was(sample: str) -> None:
    def state() -> list[tuple[int, list[logging.Handler]]]:
        return [(logger.level, list(logger.handlers)) for logger in map(logging.getLogger, ("audit", "stamina"))]

    before = state()
    invoke("check", "-v", "--dataset", sample)
    assert state() == before
