"""The benchmark's index: static documents, compressed beforehand, served by nginx on loopback."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MISSING = "the benchmarks need nginx: apt-get install nginx-light (Debian, Ubuntu), brew install nginx (macOS)"

# One process of the user who starts it, so that it may read a folder that is only theirs.
# A document is pages/json/NAME.json.gz; an Index API page, if there are some, pages/index/NAME.json.gz. Serials are in
# names (see tests/corpus.py), unless `moved` names another. The root is asked for without its last slash, too.
_CONFIGURATION = """\
daemon off;
master_process off;
pid nginx.pid;
error_log error.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    log_format request '$status $request_uri';
    client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp; uwsgi_temp_path tmp; scgi_temp_path tmp;
    sendfile on; tcp_nopush on; etag on; gzip_static always;
    keepalive_requests 1000000; open_file_cache max=4096;
    map_hash_bucket_size 256; map_hash_max_size 65536;
    map $request_uri $serial {{
        include moved.map;
        "~-(?<number>\\d{{6}})/(json)?$" 1$number;
    }}
    server {{
        listen 127.0.0.1:{port};
        root {pages};
        access_log access.log request;
        location /simple {{
            types {{ }} default_type application/vnd.pypi.simple.v1+json;
            add_header X-PyPI-Last-Serial $serial;
            rewrite ^/simple/?$ /root.json break;
            rewrite ^/simple/([^/]+)/$ /index/$1.json break;
        }}
        location /pypi/ {{
            types {{ }} default_type application/json;
            add_header X-PyPI-Last-Serial $serial;
            rewrite ^/pypi/([^/]+)/json$ /json/$1.json break;
        }}
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Served:
    """A running index; ``address`` is its Index API's root."""

    address: str
    log: Path

    @property
    def request_count(self) -> int:
        """How many requests it has had."""
        return len(self.log.read_text("utf-8").splitlines())


def is_installed() -> bool:
    """Whether there is an nginx to run."""
    return shutil.which("nginx") is not None


@contextmanager
def serving(pages: Path, folder: Path, moved: Mapping[str, int] | None = None) -> Iterator[Served]:
    """Serves ``pages`` until the end of the block; ``folder`` takes configuration and logs.

    ``moved`` names the serials of projects that have changed since they were made.
    """
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    (folder / "access.log").unlink(missing_ok=True)
    lines = [f'"/pypi/{project}/json" {serial};\n' for project, serial in (moved or {}).items()]
    (folder / "moved.map").write_text("".join(lines), "utf-8")
    port = _free_port()
    (folder / "nginx.conf").write_text(_CONFIGURATION.format(port=port, pages=pages.resolve()), "utf-8")
    command = ["nginx", "-e", "error.log", "-p", f"{folder.resolve()}/", "-c", "nginx.conf"]
    process = subprocess.Popen(command)
    try:
        _wait_for(process, port)
        yield Served(f"http://127.0.0.1:{port}/simple/", folder / "access.log")
    finally:
        process.terminate()
        process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"nginx did not start (exit code {process.poll()}): see its error.log")
