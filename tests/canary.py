"""A tree that does not belong to the program: recorded byte for byte, so that any change is seen."""

import os
import stat
from pathlib import Path

Contents = dict[str, tuple[str, int, bytes]]


def canary(folder: Path) -> Path:
    """Makes the tree in ``folder``, with names that the program has for its own."""
    for name in ("thesis.txt", "files.parquet", "crawl.pid", "staging/plan.json", "generations/notes", "events/a"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"years of work: {name}")
    (folder / "link").symlink_to("thesis.txt")
    return folder


def contents(folder: Path) -> Contents:
    """Everything in ``folder``: the kind of each thing, its mode, and its bytes or link target."""
    found: Contents = {}
    for path in sorted(folder.rglob("*")):
        facts = path.lstat()
        kind = stat.filemode(facts.st_mode)
        content = os.readlink(path).encode() if path.is_symlink() else path.read_bytes() if path.is_file() else b""
        found[str(path.relative_to(folder))] = kind, facts.st_mtime_ns if path.is_file() else 0, content
    return found
