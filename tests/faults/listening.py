"""What listens on loopback: a thread for each connection, all of which end with it."""

import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import Final

LOOPBACK: Final = "127.0.0.1"


class Listening:
    """Accepts connections and hands each to ``serve``, in a thread of its own."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        """Nothing listens yet; ``port`` is taken when something does."""
        self._serve = serve
        self._threads: list[Thread] = []
        self._listener: socket.socket | None = None
        self.port = 0

    def listen(self) -> None:
        """Serves from now on; after a stop, on the port as before."""
        self._listener = socket.create_server((LOOPBACK, self.port))
        self.port = self._listener.getsockname()[1]
        self._start(self._accept, self._listener)

    def stop(self) -> None:
        """Closes the port; the shutdown wakes the thread that waits on it."""
        if self._listener:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def join(self) -> None:
        """Waits for all threads, whose peers have gone."""
        for thread in self._threads:
            thread.join(300)
            assert not thread.is_alive()

    def _start(self, target: Callable[[socket.socket], None], of: socket.socket) -> None:
        thread = Thread(target=target, args=(of,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                peer = listener.accept()[0]
            except OSError:
                return
            self._start(self._serve, peer)
