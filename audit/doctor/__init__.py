"""Doctor: looks at an installation, a dataset or an index, and says what is wrong with it."""

from audit.doctor.dataset import check_dataset
from audit.doctor.finding import Finding, Verdict
from audit.doctor.index import check_index
from audit.doctor.installation import check_installation

__all__ = ["Finding", "Verdict", "check_dataset", "check_index", "check_installation"]
