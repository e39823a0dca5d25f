"""A scan as SARIF 2.1.0, which systems for code scanning read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import audit
from audit.reports import json
from audit.reports.text import plain
from audit.reports.values import exact
from audit.scan.formats.rows import Finding, findings, relative
from audit.scan.formats.summary import notices
from audit.scan.rules import Rule, load
from audit.scan.verdict import Judged

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT: Final = "releaseAuditFinding/v1"
# Told in a result's other properties.
_ELSEWHERE: Final = {"source", "line", "rule", "level", "why", "is_known"}

_Object = Mapping[str, Any]


def render(judged: Judged, root: Path | None) -> str:
    """The log, with one run; paths are relative to ``root``. The same scan gives the same bytes: no time is in it."""
    run = {
        "tool": {"driver": _driver()},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(judged)}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, root, judged) for finding in findings(judged)],
    }
    return json.encode({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def fingerprint(finding: Finding, root: Path | None) -> str:
    """What stays the same of a finding from run to run, wherever in the file it stands: 64 hex digits."""
    parts = [finding.rule, finding.project, finding.version, finding.filename, relative(finding.source, root)]
    return hashlib.sha256(json.encode(parts).encode()).hexdigest()


def _driver() -> _Object:
    rules = [_rule(rule) for rule in load().values()]
    return {"name": "release-audit", "version": audit.__version__, "rules": rules}


def _rule(rule: Rule) -> _Object:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.summary},
        "help": {"text": rule.text, "markdown": rule.text},
        "defaultConfiguration": {"level": rule.levels[0]},
        "properties": {"tags": ["security", "supply-chain"]},
    }


def _result(finding: Finding, root: Path | None, judged: Judged) -> _Object:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": list(load()).index(finding.rule),
        "level": finding.level,
        "message": {"text": _message(finding.told)},
        "locations": [{"physicalLocation": _location(finding, root)}],
        "partialFingerprints": {FINGERPRINT: fingerprint(finding, root)},
        "properties": {name: _property(value) for name, value in finding.row.items() if name not in _ELSEWHERE},
    }
    if judged.has_baseline:
        result["baselineState"] = "unchanged" if finding.is_known else "new"
    return result


def _location(finding: Finding, root: Path | None) -> _Object:
    place = relative(finding.source, root)
    is_absolute = place.startswith("/")
    artifact = {"uri": f"file://{quote(place)}"} if is_absolute else {"uri": quote(place), "uriBaseId": "%SRCROOT%"}
    region = {} if finding.line is None else {"region": {"startLine": finding.line}}
    return {"artifactLocation": artifact, **region}


def _message(text: str) -> str:
    """A text as it reads, without links or places for arguments in it (sections 3.11.5 and 3.11.6)."""
    escaped = plain(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return escaped.replace("{", "{{").replace("}", "}}")


def _property(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | list) else exact(value)


def _notifications(judged: Judged) -> list[_Object]:
    return [{"level": "note", "message": {"text": _message(notice)}} for notice in notices(judged)]
