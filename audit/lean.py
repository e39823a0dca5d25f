"""Keeps the program's own processes lean: the command line, and those that decode. Never a user's Python."""

import os
import sys
from importlib.abc import MetaPathFinder

_ALLOCATOR = "ARROW_DEFAULT_MEMORY_POOL"


class _LeftOut(MetaPathFinder):
    """An import finder that refuses some libraries, and leaves all others to the next finder."""

    def __init__(self, libraries: frozenset[str]) -> None:
        self._libraries = libraries

    def find_spec(self, fullname: str, *_: object) -> None:
        """Returns None for all other libraries: the next finder is asked."""
        if fullname in self._libraries:
            raise ModuleNotFoundError(fullname, name=fullname)


def leave_out(*libraries: str) -> None:
    """Prevents this process from loading libraries that other libraries import although nothing here needs them.

    PyArrow would load pandas only to check that a list is not one of its series: 0.2 s, and 40 MB. Call this first;
    importing such a library later fails.
    """
    sys.meta_path.insert(0, _LeftOut(frozenset(libraries)))


def take_memory_from_system() -> None:
    """Makes PyArrow use the system's allocator: its own keeps twice what a commit needs, and returns little.

    Call this before PyArrow is loaded: it chooses its allocator once, from the environment. The environment is restored
    for programs that this process starts.
    """
    is_set = _ALLOCATOR in os.environ
    os.environ.setdefault(_ALLOCATOR, "system")
    import pyarrow as pa  # noqa: PLC0415 - it reads the environment while it loads

    pa.default_memory_pool()
    if not is_set:
        del os.environ[_ALLOCATOR]
