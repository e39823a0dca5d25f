"""Doctor: examines an installation, a dataset or an index, and says what is wrong with it."""

from audit.doctor.dataset import check_dataset
from audit.doctor.index import check_index
from audit.doctor.installation import check_installation
from audit.doctor.patient import findings_of, row_of

__all__ = ["check_dataset", "check_index", "check_installation", "findings_of", "row_of"]
