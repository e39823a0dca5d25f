"""A scan as one JSON object, complete. Another scan can read it as its baseline."""

from collections.abc import Mapping

import audit
from audit.answers import json
from audit.answers.values import utc
from audit.scan.findings import LockTime
from audit.scan.ignores import Ignore
from audit.scan.pins import Input
from audit.scan.verdict import Judged


def render(judged: Judged) -> str:
    """The object, with its keys always in the same order, and one row per line; ASCII only."""
    parts = {
        "program": json.encode({"name": "release-audit", "version": audit.__version__}),
        "summary": json.encode(_summary(judged), indent=2),
        "inputs": json.encode([_input(*each) for each in _inputs(judged)], indent=2),
        "rows": json.render(judged.rows).rstrip("\n"),
        "ignored": json.encode(
            [_ignore(each.ignore) | {"finding_count": each.finding_count} for each in judged.ignored], indent=2
        ),
        "expired_ignores": json.encode([_ignore(each) for each in judged.expired], indent=2),
        "unused_ignores": json.encode([_ignore(each) for each in judged.unused], indent=2),
        "caveats": json.encode(list(judged.scanned.caveats), indent=2),
    }
    lines = [f'"{name}": {text}'.replace("\n", "\n  ") for name, text in parts.items()]
    return "{\n" + ",\n".join(f"  {line}" for line in lines) + "\n}\n"


def _summary(judged: Judged) -> Mapping[str, object]:
    return {
        "input_count": len(judged.scanned.inputs),
        "pin_count": judged.pin_count,
        "file_count": judged.file_count,
        "finding_count": judged.finding_count,
        "known_count": judged.known_count if judged.has_baseline else None,
        "ignored_count": judged.ignored_count,
        "is_incomplete": judged.scanned.is_incomplete,
        "rules": [
            {
                "rule": count.rule,
                "level": count.level,
                "finding_count": count.finding_count,
                "known_count": count.known_count if judged.has_baseline else None,
            }
            for count in judged.counts
        ],
    }


def _inputs(judged: Judged) -> list[tuple[Input, LockTime | None]]:
    return list(zip(judged.scanned.inputs, judged.scanned.locked, strict=True))


def _input(each: Input, locked: LockTime | None) -> Mapping[str, object]:
    return {
        "source": each.source,
        "format": each.format,
        "pin_count": len(each.pins),
        "locked_at": locked and utc(locked.at),
        "locked_at_known_by": locked and locked.known_by,
        "not_on_index": [{"line": item.line, "name": item.name, "what": item.what} for item in each.not_on_index],
    }


def _ignore(ignore: Ignore) -> dict[str, object]:
    return {
        "rule": ignore.rule,
        "project": ignore.project,
        "version": ignore.version,
        "filename": ignore.filename,
        "reason": ignore.reason,
        "until": ignore.until and ignore.until.isoformat(),
    }
