"""The replay as a server on loopback, for as long as a ``with`` block runs."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import uvicorn

from audit.errors import UsageError
from audit.replay.app import replay_app

LOOPBACK = "127.0.0.1"
LONGEST_GOODBYE_S = 5


class _Server(uvicorn.Server):
    """uvicorn's server, with an event for the end of its start-up, whether that went well or not."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.has_begun = Event()

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            super().run(sockets)
        finally:
            self.has_begun.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.has_begun.set()


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """Serves the recorded pages in ``folder`` on 127.0.0.1 and yields the root's address, ``http://.../simple/``.

    ``port`` 0 takes a free one. Running requests have five seconds to end when the block ends.

    Raises:
        UsageError: the port is not available.
    """
    app = replay_app(folder)
    with _listener(port) as listener:
        # No log_config: a library's caller keeps its own logging. No lifespan: the application has none.
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="warning",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=LONGEST_GOODBYE_S,
        )
        server = _Server(config)
        # A daemon thread, so that after a second Ctrl-C during the shutdown the process does not wait for it.
        thread = Thread(target=server.run, args=([listener],), name="replay", daemon=True)
        thread.start()
        server.has_begun.wait()
        try:
            if not server.started:
                raise RuntimeError("the replay did not start: the thread's own traceback says why")
            yield f"http://{LOOPBACK}:{listener.getsockname()[1]}/simple/"
        finally:
            server.should_exit = True
            thread.join()


def _listener(port: int) -> socket.socket:
    """A bound and listening socket: the address is known and reserved before the server starts."""
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        place = f"{LOOPBACK}:{port} ({error.strerror})"
        raise UsageError(f"cannot serve on {place}: choose another --port, or none for a free one") from error
