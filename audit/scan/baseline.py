"""A baseline: the findings of an earlier scan, which are known and no longer fail."""

import msgspec

from audit.errors import UsageError

Key = tuple[str, str | None, str | None, str | None]
"""The key of a finding: rule, project (None: it is about a whole input), version, filename."""


class _Row(msgspec.Struct):
    project: str | None
    rule: str | None
    version: str | None
    filename: str | None


class _Document(msgspec.Struct):
    rows: list[_Row]


def read_baseline(content: bytes, name: str) -> frozenset[Key]:
    """The findings in the JSON that an earlier scan wrote; ``name`` is the file's name.

    Raises:
        UsageError: it is not such JSON; names the file and what was expected.
    """
    try:
        document = msgspec.json.decode(content, type=_Document)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        expected = "expected what release-audit scan --format json wrote"
        raise UsageError(f"the baseline {name} cannot be read ({error}): {expected}") from None
    return frozenset((row.rule, row.project, row.version, row.filename) for row in document.rows if row.rule)
