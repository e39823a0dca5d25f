"""How well an index follows its specifications, and what each gap means for an audit: looks, then checks of these."""

from audit.doctor.conformance.checks import CHECKS
from audit.doctor.conformance.evidence import Evidence, Look, Sample
from audit.doctor.conformance.gathering import gather

__all__ = ["CHECKS", "Evidence", "Look", "Sample", "gather"]
