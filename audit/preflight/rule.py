"""The index's rules for an upload: PyPI's, or none."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from audit.crawl.index import resolve_address
from audit.preflight.choice import RuleChoice
from audit.queries.pypi_rule import pypi_rule


@dataclass(frozen=True, slots=True)
class UploadRule:
    """PyPI's rules on files. ``window``: the greatest age of a release that still takes files; None: any age."""

    window: timedelta | None

    @property
    def days(self) -> int:
        """The window in days."""
        return self.window.days if self.window is not None else 0


def rule_for(choice: RuleChoice, index_url: str | None, at: datetime) -> UploadRule | None:
    """The rules for an upload at ``at`` to the index at this address; None: no rules of an index are known."""
    if choice is RuleChoice.NONE or (choice is RuleChoice.AUTO and not is_pypi(index_url)):
        return None
    rule = pypi_rule()
    return UploadRule(rule.window if choice is RuleChoice.PYPI_14D or at >= rule.merged_at else None)


def is_pypi(index_url: str | None) -> bool:
    """Whether it is the root of PyPI's Index API."""
    from pypi_simple import PYPI_SIMPLE_ENDPOINT  # noqa: PLC0415 - loads an HTTP stack that nothing else needs

    return index_url == resolve_address(PYPI_SIMPLE_ENDPOINT).simple
