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
from audit.findings.finding import Finding, Findings, Place, Rule

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# The characters of an address (RFC 3986): all others are quoted.
_OF_ADDRESS: Final = ":/?#[]@!$&'()*+,;=%"
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
    """A digest of the finding that does not depend on the run or the line: 64 hex digits."""
    subject = finding.subject
    parts = [finding.rule, subject.project, subject.version, subject.filename, finding.place.relative(root)]
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
        **({"helpUri": rule.spec.url} if rule.spec and rule.spec.url else {}),
        "defaultConfiguration": {"level": rule.levels[0]},
        "properties": {"tags": ["security", "supply-chain"]},
    }


def _result(finding: Finding, root: Path | None, found: Findings) -> _Object:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": list(found.rules).index(finding.rule),
        "level": finding.level,
        "message": {"text": _message(finding.sentence)},
        "locations": [{"physicalLocation": _location(finding.place, root)}],
        "partialFingerprints": {FINGERPRINT: fingerprint(finding, root)},
        "properties": {name: _property(value) for name, value in finding.facts.items()},
    }
    if finding.is_known is not None:
        result["baselineState"] = "unchanged" if finding.is_known else "new"
    return result


def _location(place: Place, root: Path | None) -> _Object:
    region = {} if place.line is None else {"region": {"startLine": place.line}}
    return {"artifactLocation": _artifact(place, root), **region}


def _artifact(place: Place, root: Path | None) -> _Object:
    path = place.relative(root)
    if place.is_address:
        return {"uri": quote(path, safe=_OF_ADDRESS)}
    return {"uri": f"file://{quote(path)}"} if path.startswith("/") else {"uri": quote(path), "uriBaseId": "%SRCROOT%"}


def _message(text: str) -> str:
    """A text escaped so that it has no links or placeholders (sections 3.11.5 and 3.11.6)."""
    escaped = plain(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return escaped.replace("{", "{{").replace("}", "}}")


def _property(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | list) else exact(value)


def _notifications(found: Findings) -> list[_Object]:
    return [{"level": "note", "message": {"text": _message(notice)}} for notice in found.notices]
