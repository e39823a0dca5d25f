"""A scripted index on loopback: raw sockets, so that it can do what no well-behaved server does."""

import json
import select
import socket
import ssl
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from threading import Condition
from typing import Final

from tests.faults.listening import LOOPBACK, Listening

# How long a trickle waits for the client to give up before it sends the next byte, in seconds.
_BETWEEN_BYTES: Final = 0.02
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)

# Answers one request; whether the connection is good for another one.
Behaviour = Callable[["FaultServer", socket.socket], bool]


def answer(body: bytes, *headers: str, status: str = "200 OK", kind: str = "application/json") -> bytes:
    """A whole and honest answer, as bytes."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return head(*lines) + body


def head(*lines: str) -> bytes:
    """A status line and headers, as bytes."""
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def say(raw: bytes, *, is_last: bool = False) -> Behaviour:
    """Sends the bytes; then, if they are the last, closes the connection."""

    def behave(_: "FaultServer", peer: socket.socket) -> bool:
        peer.sendall(raw)
        return not is_last

    return behave


def reset_after(raw: bytes) -> Behaviour:
    """Sends the bytes and resets the connection."""

    def behave(_: "FaultServer", peer: socket.socket) -> bool:
        peer.sendall(raw)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        return False

    return behave


def hold_after(raw: bytes) -> Behaviour:
    """Sends the bytes and then nothing, until the client goes away."""

    def behave(_: "FaultServer", peer: socket.socket) -> bool:
        peer.sendall(raw)
        peer.recv(1)
        return False

    return behave


def trickle(raw: bytes) -> Behaviour:
    """Sends the bytes one by one, until the client goes away."""

    def behave(_: "FaultServer", peer: socket.socket) -> bool:
        for byte in raw:
            if select.select([peer], [], [], _BETWEEN_BYTES)[0]:
                return False
            peer.sendall(bytes([byte]))
        return True

    return behave


def answer_after(path: str, raw: bytes) -> Behaviour:
    """Sends the bytes when the path has been asked for."""

    def behave(server: "FaultServer", peer: socket.socket) -> bool:
        server.wait_for(path)
        peer.sendall(raw)
        return True

    return behave


def refuse_from_now_on(server: "FaultServer", _: socket.socket) -> bool:
    """Closes the port and every connection: new connections are refused."""
    server.stop_listening()
    return False


class FaultServer:
    """Answers each path by its script: the first request by the first behaviour and so on; the last one stays.

    ``asked`` is every request's path, in the order in which they came, and ``heads`` its head.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        """Takes a free port; `running` serves on it."""
        self.scripts: dict[str, list[Behaviour]] = {}
        self.heads: list[str] = []
        self._tls = tls
        self._changed = Condition()
        self._peers: set[socket.socket] = set()
        self._listening = Listening(self._serve)

    @property
    def port(self) -> int:
        """The port on loopback."""
        return self._listening.port

    @property
    def root(self) -> str:
        """The address of the Index API's root."""
        return f"{'https' if self._tls else 'http'}://{LOOPBACK}:{self.port}/simple/"

    @property
    def asked(self) -> list[str]:
        """The paths of all requests so far."""
        return [line.split(" ", 2)[1] for line in self.heads]

    def script(self, project: str, *behaviours: Behaviour) -> None:
        """Sets how a project's page is answered, in both APIs."""
        for path in (f"/pypi/{project}/json", f"/simple/{project}/"):
            self.scripts[path] = list(behaviours)

    def script_root(self, serials: dict[str, int | None]) -> None:
        """Sets the root: the projects and the serials that it promises."""
        projects = [{"name": name} | ({} if n is None else {"_last-serial": n}) for name, n in serials.items()]
        self.scripts["/simple/"] = [say(answer(json.dumps({"meta": {}, "projects": projects}).encode()))]

    def wait_for(self, path: str) -> None:
        """Returns when the path has been asked for."""
        with self._changed:
            assert self._changed.wait_for(lambda: path in self.asked, 300), f"nobody asks for {path}"

    def listen(self) -> None:
        """Serves from now on; after a stop, on the port as before."""
        self._listening.listen()

    def stop_listening(self) -> None:
        """Closes the port and every connection."""
        with self._changed:
            self._listening.stop()
            for peer in self._peers:
                with suppress(OSError):
                    peer.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Ends the server and all its threads."""
        self.stop_listening()
        self._listening.join()

    def _serve(self, raw: socket.socket) -> None:
        with suppress(OSError), self._spoken_to(raw) as peer:
            rest = b""
            while True:
                while b"\r\n\r\n" not in rest:
                    piece = peer.recv(65536)
                    if not piece:
                        return
                    rest += piece
                request, _, rest = rest.partition(b"\r\n\r\n")
                if not self._next(request.decode("latin-1"))(self, peer):
                    return

    @contextmanager
    def _spoken_to(self, raw: socket.socket) -> Iterator[socket.socket]:
        """The connection, under TLS if the server speaks it; closed in the end, whatever happens."""
        with raw, self._tls_over(raw) if self._tls else nullcontext(raw) as peer:
            with self._changed:  # another thread may be closing all connections now
                self._peers.add(peer)
            try:
                yield peer
            finally:
                with self._changed:
                    self._peers.discard(peer)

    def _tls_over(self, raw: socket.socket) -> ssl.SSLSocket:
        """TLS over a connection; where its handshake fails, the client reads why before the connection goes."""
        assert self._tls
        heard = raw.dup()
        with heard:
            try:
                return self._tls.wrap_socket(raw, server_side=True)
            except ssl.SSLError:
                heard.shutdown(socket.SHUT_WR)
                while heard.recv(65536):
                    pass
                raise

    def _next(self, request: str) -> Behaviour:
        """What answers this request, which is counted."""
        path = request.split(" ", 2)[1]
        with self._changed:
            earlier = self.asked.count(path)
            self.heads.append(request)
            self._changed.notify_all()
        script: Sequence[Behaviour] = self.scripts.get(path) or [say(answer(b"{}", status="404 Not Found"))]
        return script[min(earlier, len(script) - 1)]


@contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[FaultServer]:
    """A fault server, for as long as the block runs."""
    server = FaultServer(tls)
    server.listen()
    try:
        yield server
    finally:
        server.close()
