"""What a scan says and how it ends, as its command asks for it."""

import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from audit.cli import judging
from audit.cli.settings import Settings
from audit.errors import OutputError, UsageError
from audit.findings.form import Form
from audit.findings.level import Level
from audit.scan.ignores import Ignore
from audit.scan.verdict import DEFAULT_FAIL_ON, parse_fail_on
from tests.scan.scanned import TODAY, judged, scanned

NOTHING_SET = Settings(None, {})


def test_settings_and_baseline_make_the_verdict(tmp_path: Path) -> None:
    first = judging.judged(scanned(), NOTHING_SET, None, TODAY)
    file = tmp_path / "first.json"
    judging.tell(first, Form.JSON, DEFAULT_FAIL_ON, out=file)
    again = judging.judged(scanned(), NOTHING_SET, file, TODAY)
    assert again.known_count == 4
    settings = Settings(None, {}, (), [Ignore("RA001", "x", until=date(2026, 11, 26))], {"RA003": Level.ERROR})
    changed = judging.judged(scanned(), settings, None, TODAY)
    assert [str(each) for each in changed.expired] == ["RA001"]
    assert changed.rows["level"].to_pylist()[1] == "error"


def test_a_baseline_that_does_not_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"--baseline .*none.json cannot be read: No such file"):
        judging.read_baseline_file(tmp_path / "none.json")
    (tmp_path / "odd.json").write_text("[]")
    with pytest.raises(UsageError, match=r"the baseline .*odd.json cannot be read"):
        judging.read_baseline_file(tmp_path / "odd.json")
    monkeypatch.setattr(judging, "LARGEST_BASELINE_BYTES", 1)
    with pytest.raises(UsageError, match="is larger than 1 bytes"):
        judging.read_baseline_file(tmp_path / "odd.json")


def test_a_scan_goes_to_the_screen_or_to_a_file(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    judging.tell(judged(), Form.SARIF, DEFAULT_FAIL_ON)
    shown = capfdbinary.readouterr().out
    judging.tell(judged(), Form.SARIF, DEFAULT_FAIL_ON, out=tmp_path / "x.sarif", outside=tmp_path / "data")
    assert (tmp_path / "x.sarif").read_bytes() == shown
    assert json.loads(shown)["version"] == "2.1.0"
    with pytest.raises((UsageError, OutputError), match="there is no folder"):
        judging.tell(judged(), Form.SARIF, DEFAULT_FAIL_ON, out=tmp_path / "no" / "x")


def test_a_scan_is_written_as_parquet_too(tmp_path: Path) -> None:
    judging.tell(judged(), Form.PARQUET, DEFAULT_FAIL_ON, out=tmp_path / "x.parquet")
    assert pq.read_table(tmp_path / "x.parquet").equals(judged().rows)


@pytest.mark.parametrize("form", list(Form))
def test_who_ends_with_1(form: Form) -> None:
    usual = 0 if form in {Form.SARIF, Form.GITHUB} else 1
    ends = {
        (is_asked, codes): judging.ending(judged(), form, DEFAULT_FAIL_ON, is_asked=is_asked, exit_codes=codes)
        for is_asked in (False, True)
        for codes in (None, False, True)
    }
    assert ends == {
        **{(False, None): usual, (False, False): 0, (False, True): 1},
        **{(True, None): 1, (True, False): 0, (True, True): 1},
    }
    incomplete = judged(is_incomplete=True)
    assert judging.ending(incomplete, form, DEFAULT_FAIL_ON, is_asked=False, exit_codes=False) == 4


def test_what_fails_is_errors_unless_it_is_said() -> None:
    assert judging.chosen_failures(None) == judging.chosen_failures([]) == DEFAULT_FAIL_ON
    assert judging.chosen_failures(["note"]) == parse_fail_on(["note"])
