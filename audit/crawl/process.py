"""A process that decodes: its preparation, before it loads anything large."""

import gc
import multiprocessing
import os
import signal
import threading
from multiprocessing.context import SpawnContext, SpawnProcess

from audit.ending import ENDING
from audit.lean import leave_out, take_memory_from_system


def prepare() -> None:
    """Prepares this process for decoding, for which PyArrow needs no NumPy."""
    _end_with_parent()  # first: a signal may come while the rest loads
    leave_out("pandas", "numpy")
    take_memory_from_system()
    # Decoding a page leaves no reference cycles: looking for them after every 700 objects finds nothing.
    gc.set_threshold(100_000)


def _end_with_parent() -> None:
    """Ends this process only when the crawl says so, or when the crawl is killed, which cannot say anything.

    Ctrl-C, a closed terminal and a service manager signal both processes, but what has arrived must still be decoded.
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
    """A process that ignores the signal with which a pool ends its other processes when one has died."""

    terminate = SpawnProcess.kill


class Decoders(SpawnContext):
    """Makes processes that decode: spawned, as a fork would copy the event loop's sockets and threads."""

    Process = _Decoder
