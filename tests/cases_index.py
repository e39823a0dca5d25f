"""An index of a folder of pages, served unchanged: ``simple/NAME.json``, ``pypi/NAME.json``, ``root.json``."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

CASES = Path(__file__).parent / "cases"
_SIMPLE = "application/vnd.pypi.simple.v1+json"


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, folder: Path, *arguments: Any) -> None:
        self._folder = folder
        super().__init__(*arguments)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name for it
        pass

    def do_GET(self) -> None:
        body = self._body(self.path.strip("/").split("/"))
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", _SIMPLE if self.path.startswith("/simple/") else "application/json")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def _body(self, parts: list[str]) -> bytes | None:
        root = self._folder / "root.json"
        match parts:
            case ["simple"]:
                return root.read_bytes() if root.exists() else _root(self._folder)
            case ["simple" | "pypi" as api, name, *_]:
                page = self._folder / api / f"{name}.json"
                return page.read_bytes() if page.exists() else None
            case ["files", name]:
                file = self._folder / "files" / name
                return file.read_bytes() if file.exists() else None
        return None


def _root(folder: Path) -> bytes:
    names = sorted({path.stem for api in ("simple", "pypi") for path in (folder / api).glob("*.json")})
    return json.dumps({"meta": {"api-version": "1.1"}, "projects": [{"name": name} for name in names]}).encode()


@contextmanager
def index_of(folder: Path) -> Iterator[str]:
    """Serves the folder; gives the address of its Index API."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, folder)) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/simple/"
        finally:
            server.shutdown()
