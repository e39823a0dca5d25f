"""A dataset in which every text is from an attacker."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.dataset_builder import make_dataset

SCRIPT = "<script>document.title='owned'</script>"
TEXTS = [
    SCRIPT,
    "</script><script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "javascript:document.title='owned'",
    "{{ 7 * 7 }}{% raw %}",
    "\x1b[31mred\x1b[0m",
    "\u202egpj.exe",
    "line\u2028break\nand\ttab",
    "'\"><b>bold</b>",
    "data.value // */ ${1}",
    "x" * 4096,
]
FIRST = datetime(2024, 1, 1, tzinfo=UTC)


def hostile_dataset(folder: Path) -> Path:
    """Each text as version, file name, tags and reasons of a project that grew late, and as the index's address."""
    files = [
        {
            "project": f"spam-{place:02}",
            "version": text,
            "filename": f"{text}{number}",
            "uploaded_at": FIRST + timedelta(days=30 * number),
            "kind": "wheel",
            "python_tag": "cp312",
            "abi_tag": text,
            "platform_tag": text,
            "is_yanked": True,
            "yanked_reason": text,
        }
        for place, text in enumerate(TEXTS)
        for number in (0, 1)
    ]
    projects = [
        {
            "project": f"spam-{place:02}",
            "last_outcome": "failed",
            "failure_reason": text,
            "file_count": 2,
            "release_count": 1,
        }
        for place, text in enumerate(TEXTS)
    ]
    return make_dataset(folder, files, projects=projects, crawls=[{"index_url": TEXTS[0]}])
