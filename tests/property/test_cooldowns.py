"""What a cooldown does with a late file, in SQL against a tool that looks at a release in plain Python."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from audit.dataset.dataset import Dataset
from tests.dataset_builder import make_dataset
from tests.examples import examples

START = datetime(2020, 1, 1, tzinfo=UTC)
# Close to the edges of cooldowns of 3, 7 and 14 days, so that ties and edges happen.
MOMENTS = st.none() | st.builds(
    lambda days, off: START + timedelta(days=days, microseconds=off),
    st.sampled_from([0, 1, 3, 4, 7, 8, 14, 15, 17, 21, 28]),
    st.sampled_from([-1, 0, 1]),
)
NAMES = [f"{letter}{number}" for letter in "azAZ_" for number in range(4)]
FILES = st.lists(
    st.tuples(st.sampled_from(["spam", "eggs"]), st.sampled_from(["1.0", "2.0"]), MOMENTS), max_size=len(NAMES)
).flatmap(lambda rows: st.permutations(NAMES).map(lambda names: list(zip(rows, names, strict=False))))
File = tuple[str, datetime]


def named(files: Sequence[File], _: File) -> datetime:
    return max(files)[1]


# Whose upload time a tool takes for the age, of the files that it sees and the one that it may take.
RULES: Final[Mapping[str, Callable[[Sequence[File], File], datetime]]] = {
    "per-file": lambda _, file: file[1],
    "earliest-of-release": lambda files, _: min(time for _, time in files),
    "last-by-filename": named,
    "newest-of-release": lambda files, _: max(time for _, time in files),
}


def outcome(rule: str, release: Sequence[File], file: File, cooldown: timedelta) -> str:
    """What a tool does as ``file`` comes, by what it sees then and what it saw just before."""
    now = file[1]
    if now - RULES[rule]([each for each in release if each[1] <= now], file) > cooldown:
        return "passes"
    before = [each for each in release if each[1] < now]
    return "hides" if rule != "per-file" and now - RULES[rule](before, file) > cooldown else "held"


@settings(deadline=None, max_examples=examples(25))
@given(files=FILES)
def test_cooldowns_do_what_a_tool_in_plain_python_does(
    files: list[tuple[tuple[str, str, datetime | None], str]],
) -> None:
    rows: list[dict[str, Any]] = [
        {"project": project, "version": version, "uploaded_at": at, "filename": filename}
        for (project, version, at), filename in files
    ]
    releases: dict[tuple[str, str], list[File]] = {}
    for (project, version, at), filename in files:
        if at is not None:
            releases.setdefault((project, version), []).append((filename, at))
    with tempfile.TemporaryDirectory() as folder, Dataset(make_dataset(Path(folder), rows)) as dataset:
        counts = dataset.query("cooldown-gaps-counts").rows()
        flagged = {days: dataset.query("cooldown-gaps", window_days=days).rows() for days in (3, 14)}
    for days, found in flagged.items():
        cooldown = timedelta(days=days)
        expected = {
            (file[0], rule): outcome(rule, release, file, cooldown)
            for release in releases.values()
            for file in release
            for rule in RULES
            if file[1] - min(time for _, time in release) > cooldown
        }
        actual = {(row["filename"], rule): row[rule.replace("-", "_")] for row in found for rule in RULES}
        assert actual == expected
        for row in counts:
            if row["cooldown_days"] == days:
                outcomes = [what for (_, rule), what in expected.items() if rule == row["rule"]]
                numbers = (row["passing_file_count"], row["hiding_file_count"], row["held_file_count"])
                assert numbers == tuple(map(outcomes.count, ("passes", "hides", "held")))
                assert sum(numbers) == row["late_files"]
