"""A process that decodes: what is done in it before it loads anything large."""

import gc
import multiprocessing
import os
import signal
import threading
from multiprocessing.context import SpawnContext, SpawnProcess

from audit.ending import ENDING
from audit.lean import leave_out, take_memory_from_system


def prepare() -> None:
    """Makes this process fit for decoding, for which PyArrow needs no NumPy."""
    _end_with_parent()  # first: a signal may come while the rest loads
    leave_out("pandas", "numpy")
    take_memory_from_system()
    # A page leaves no cycles behind: looking for some after every 700 objects finds none.
    gc.set_threshold(100_000)


def _end_with_parent() -> None:
    """Leaves it to the crawl when this process ends; a crawl that is killed tells nothing.

    Ctrl-C, a terminal that goes away and a service manager reach both, and what has arrived is still to be decoded.
    """
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


class _Decoder(SpawnProcess):
    """A process that does not hear the signal by which a pool ends those that another one's death has left."""

    terminate = SpawnProcess.kill


class Decoders(SpawnContext):
    """Makes processes that decode: spawned, as a fork would take the event loop's sockets and threads along."""

    Process = _Decoder
