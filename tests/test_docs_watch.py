"""The page on watching: each of its commands, taken from it and run as its reader would."""

import json
import os
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.cli.test_watch import dataset  # noqa: F401 - the fixture of three nights

PAGE = Path(__file__).parent.parent / "docs" / "watch.md"
BLOCKS = re.findall(r"^```bash\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


class _Webhook(BaseHTTPRequestHandler):
    """Keeps what is posted in the server's ``posted``."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append(json.loads(body))  # type: ignore[attr-defined]  # set by whoever made the server
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name for it
        pass


@pytest.mark.slow
def test_every_command_of_the_page(dataset: Path, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "pypi").symlink_to(dataset)
    (tmp_path / "public").mkdir()
    (tmp_path / "uv.lock").write_text(
        'version = 1\n\n[[package]]\nname = "spam"\nversion = "1.0"\n'
        'source = { registry = "https://packages.example.org/simple" }\n'
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), _Webhook) as server:
        server.posted = []  # type: ignore[attr-defined]  # what the handler fills
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "WEBHOOK": f"http://127.0.0.1:{server.server_port}/"}

        def run(block: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                ["bash", "-e", "-c", block], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )

        ended = [run(block) for block in BLOCKS]
        (tmp_path / "data" / "pypi").unlink()
        failed = run(BLOCKS[-1])
        server.shutdown()
    assert failed.returncode == 3
    assert [each.returncode for each in ended] == [0] * len(BLOCKS), ended
    assert "displaces" in ended[0].stdout
    assert (tmp_path / "public" / "feed.xml").read_text().count("<entry>") == 3
    assert [row["project"] for [row] in server.posted] == ["spam"]  # type: ignore[attr-defined]  # as above
