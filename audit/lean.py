"""What keeps the program's own processes lean: the command line, and those that decode. Never a user's Python."""

import os
import sys
from importlib.abc import MetaPathFinder

_ALLOCATOR = "ARROW_DEFAULT_MEMORY_POOL"


class _LeftOut(MetaPathFinder):
    """Refuses some libraries, and leaves all others to the next finder."""

    def __init__(self, libraries: frozenset[str]) -> None:
        self._libraries = libraries

    def find_spec(self, fullname: str, *_: object) -> None:
        """None for all others, as a finder says that it is not the one to ask."""
        if fullname in self._libraries:
            raise ModuleNotFoundError(fullname, name=fullname)


def leave_out(*libraries: str) -> None:
    """Keeps this process from loading libraries that others load on the way, and nothing here needs.

    PyArrow would load pandas only to learn that a list is no series of it: 0.2 s, and 40 MB. Call this before; who asks
    for such a library later finds none.
    """
    sys.meta_path.insert(0, _LeftOut(frozenset(libraries)))


def take_memory_from_system() -> None:
    """Has PyArrow do so: its own allocator keeps twice the memory that a commit needs, and gives little of it back.

    Call this before PyArrow is loaded: what allocates inside it is chosen once, by the environment, which stays as it
    was for programs that this process starts.
    """
    is_told = _ALLOCATOR in os.environ
    os.environ.setdefault(_ALLOCATOR, "system")
    import pyarrow as pa  # noqa: PLC0415 - it looks at the environment as it loads

    pa.default_memory_pool()
    if not is_told:
        del os.environ[_ALLOCATOR]
