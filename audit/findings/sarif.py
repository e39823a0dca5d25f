"""Findings as SARIF 2.1.0, which systems for code scanning read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import audit
from audit.answers import json
from audit.answers.text import plain
from audit.answers.values import exact
from audit.findings.finding import Finding, Findings, Rule, relative

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT: Final = "releaseAuditFinding/v1"

_Object = Mapping[str, Any]


def render(found: Findings, root: Path | None) -> str:
    """The log, with one run; paths are relative to ``root``. The same findings give the same bytes."""
    run = {
        "tool": {"driver": _driver(found)},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(found)}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, root, found) for finding in found.worst_first()],
    }
    return json.encode({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def fingerprint(finding: Finding, root: Path | None) -> str:
    """What stays the same of a finding from run to run, wherever in the file it stands: 64 hex digits."""
    parts = [finding.rule, finding.project, finding.version, finding.filename, relative(finding.source, root)]
    return hashlib.sha256(json.encode([*parts, *finding.more_key]).encode()).hexdigest()


def _driver(found: Findings) -> _Object:
    rules = [_rule(rule) for rule in found.rules.values()]
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


def _result(finding: Finding, root: Path | None, found: Findings) -> _Object:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": list(found.rules).index(finding.rule),
        "level": finding.level,
        "message": {"text": _message(finding.told)},
        "locations": [{"physicalLocation": _location(finding, root)}],
        "partialFingerprints": {FINGERPRINT: fingerprint(finding, root)},
        "properties": {name: _property(value) for name, value in finding.properties.items()},
    }
    if finding.is_known is not None:
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


def _notifications(found: Findings) -> list[_Object]:
    return [{"level": "note", "message": {"text": _message(notice)}} for notice in found.notices]
