"""A proxy on loopback: it knows where each host is, tunnels to it (CONNECT), and may require a password."""

import base64
import select
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from tests.faults.listening import LOOPBACK, Listening
from tests.faults.server import answer

_WANTED = answer(b"", 'Proxy-Authenticate: Basic realm="the proxy"', "Connection: close", status="407 Wanted")
_UNKNOWN = answer(b"", "Connection: close", status="502 Bad Gateway")


class Proxy:
    """``asked`` has the line of each request that came with the right password, or without one if none is required."""

    def __init__(self, ports: Mapping[str, int], password: str | None) -> None:
        """``ports`` has the port on loopback of each host, by its name; ``password`` is ``name:password``."""
        self.asked: list[str] = []
        self._ports = ports
        self._wanted = password and f"basic {base64.b64encode(password.encode()).decode()}".lower()
        self._listening = Listening(self._serve)
        self._listening.listen()
        self.port = self._listening.port

    def close(self) -> None:
        """Ends the proxy and all its threads; its clients have gone."""
        self._listening.stop()
        self._listening.join()

    def _serve(self, peer: socket.socket) -> None:
        with suppress(OSError), peer:
            request = _head_of(peer)
            if not request:
                return
            line, *headers = request.decode("latin-1").split("\r\n")
            if self._wanted and f"proxy-authorization: {self._wanted}" not in (header.lower() for header in headers):
                peer.sendall(_WANTED)
                return
            self.asked.append(line)
            self._tunnel(peer, line)

    def _tunnel(self, peer: socket.socket, line: str) -> None:
        method, target, _ = line.split(" ")
        port = self._ports.get(target.rpartition(":")[0])
        if method != "CONNECT" or port is None:
            peer.sendall(_UNKNOWN)
            return
        with socket.create_connection((LOOPBACK, port), timeout=300) as there:
            peer.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            _relay(peer, there)


def _head_of(peer: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request:
        piece = peer.recv(65536)
        if not piece:
            return b""
        request += piece
    return request


def _relay(one: socket.socket, other: socket.socket) -> None:
    """Passes on what comes from either, until one of them has finished."""
    while True:
        for ready in select.select([one, other], [], [])[0]:
            piece = ready.recv(65536)
            if not piece:
                return
            (other if ready is one else one).sendall(piece)


@contextmanager
def proxying(ports: Mapping[str, int], password: str | None = None) -> Iterator[Proxy]:
    """A proxy, for as long as the block runs."""
    proxy = Proxy(ports, password)
    try:
        yield proxy
    finally:
        proxy.close()
