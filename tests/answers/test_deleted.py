"""The note beside an answer that counts deleted files."""

from audit.answers.deleted import deleted_note

GAP = "from 2024-03-20 to 2025-01-13"


def test_none_is_said_to_be_known() -> None:
    assert deleted_note([]).startswith("No deleted file is known: this is the answer without them.")


def test_each_source_is_named_with_its_files_and_the_gap_of_a_table() -> None:
    sources = [{"source": "crawl", "file_count": 3}, {"source": "bigquery", "file_count": 1200}]
    assert (
        "Deleted files known: 1,200 from bigquery, 3 from crawl. The upload times of those from bigquery"
        in deleted_note(sources)
    )
    assert GAP in deleted_note(sources)


def test_a_crawl_has_no_gap_and_still_saw_not_all() -> None:
    note = deleted_note([{"source": "crawl", "file_count": 3}])
    assert GAP not in note
    assert "Files that were deleted before the first crawl are not known, so a lag is still a lower bound." in note
