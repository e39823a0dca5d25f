"""What keeps the program's own processes lean: the command line, and those that decode. Never a user's Python."""

import os
import sys
from importlib.abc import MetaPathFinder


class _LeftOut(MetaPathFinder):
    """Refuses some libraries, and leaves all others to the next finder."""

    def __init__(self, libraries: frozenset[str]) -> None:
        self._libraries = libraries

    def find_spec(self, fullname: str, *_: object) -> None:
        """None for all others, as a finder says that it is not the one to ask."""
        if fullname in self._libraries:
            raise ModuleNotFoundError(fullname, name=fullname)


def be_lean(*also: str) -> None:
    """Leaves out of this process what libraries load but nothing here needs: pandas, and ``also`` those named.

    PyArrow would load pandas only to learn that a list is no series of it (0.2 s, 40 MB), NumPy starts threads for
    linear algebra (0.1 s), and PyArrow's own allocator keeps twice the memory that a commit needs. Call it before the
    first of them is imported; who asks for what is left out finds none.
    """
    sys.meta_path.insert(0, _LeftOut(frozenset({"pandas", *also})))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
