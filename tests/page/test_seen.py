"""What the sentences above the charts say, recomputed from the answers that the charts draw."""

from collections import Counter
from pathlib import Path

import pytest

from audit.dataset.dataset import Dataset
from audit.page.content import Content
from audit.page.gathering import gather
from audit.page.seen import seen
from tests.dataset_builder import make_dataset
from tests.hostile import FIRST


@pytest.fixture(scope="module")
def content(crawled_sample: Path) -> Content:
    with Dataset(crawled_sample) as opened:
        return gather(opened)


def said(content: Content, name: str) -> str:
    return "".join(map(str, seen(content)[name]))


def test_each_sentence_says_what_its_rows_say(content: Content, crawled_sample: Path) -> None:
    with Dataset(crawled_sample) as opened:
        lags = [row["lag_us"] for row in opened.sql("select lag_us from file_lags where lag_us is not null").rows()]
        late = opened.query("late-files").rows()
    hours = {hours: sum(lag > hours * 3_600_000_000 for lag in lags) for hours in (1, 14 * 24, 365 * 24)}
    assert f"refused {hours[1]:,} of {len(lags):,} files (6.8%), one of 14 days {hours[336]:,}" in said(
        content, "policies"
    )
    assert f"one of a year {hours[8760]:,}." in said(content, "policies")
    assert said(content, "lag-buckets").startswith(f"{hours[8760]:,} of {len(lags):,} files (0.27%)")
    [(year, of_year)] = Counter(row["uploaded_at"].year for row in late).most_common(1)
    [(reason, count)] = Counter(r["reason"] for r in late if r["uploaded_at"].year == year).most_common(1)
    expected = (
        f"In {year}, the year with most of them, the most frequent reason was {reason}: {count} of {of_year} late files"
    )
    assert said(content, "reasons-by-year").startswith(expected)


def test_the_python_with_most_projects_is_named_and_the_newest_of_equals(content: Content) -> None:
    rows = content.sections["late-wheels-by-python"].rows.to_pylist()
    most = [row for row in rows if row["projects_late"] == max(row["projects_late"] for row in rows)][-1]
    assert said(content, "late-wheels-by-python") == (
        f"Most projects were late for {most['python_tag']}: {most['projects_late']} of the "
        f"{most['projects_with_wheels']} with wheels for it "
        f"({100 * most['projects_late'] / most['projects_with_wheels']:.1f}%) added some late."
    )


def test_the_reason_that_displaces_most_is_named(content: Content) -> None:
    rows = [row for row in content.sections["displacement"].rows.to_pylist() if row["counted"] == "reason"]
    most = sorted(rows, key=lambda row: int(row["displacing_file_count"]))[-1]
    assert f"{most['value']}: {most['displacing_file_count']} of its {most['late_files']} late" in said(
        content, "displacement"
    )


def test_nothing_late_displaces_nothing(tmp_path: Path) -> None:
    with Dataset(make_dataset(tmp_path, [{"filename": "a", "uploaded_at": FIRST}])) as opened:
        sentences = seen(gather(opened))
    assert "reasons-by-year" not in sentences, "there is no such year"
    assert "".join(map(str, sentences["displacement"])) == "No late file displaces a wheel that was picked before."
