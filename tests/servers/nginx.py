"""A tree of bandersnatch as its own documentation serves it: by nginx, a page in the form that is asked for."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.servers.running import free_port, served

MISSING: Final = "no nginx: `apt-get install nginx-light` (or another system's package) brings the server of this test"
# As in bandersnatch's src/banderx/nginx.conf; one process, of the user who starts it.
_CONFIGURATION: Final = """\
daemon off;
master_process off;
pid nginx.pid;
events {{ }}
http {{
    access_log off;
    client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp; uwsgi_temp_path tmp; scgi_temp_path tmp;
    default_type application/octet-stream;
    map $http_accept $form {{
        default .html;
        "~*application/vnd\\.pypi\\.simple\\.v1\\+json" .v1_json;
        "~*application/vnd\\.pypi\\.simple\\.v1\\+html" .v1_html;
    }}
    server {{
        listen 127.0.0.1:{port};
        root {web};
        charset utf-8;
        location /simple/ {{
            index index$form;
            types {{
                application/vnd.pypi.simple.v1+json v1_json;
                application/vnd.pypi.simple.v1+html v1_html;
                text/html html;
            }}
            try_files $uri$form $uri $uri/ =404;
        }}
        location /pypi/ {{ default_type application/json; }}
    }}
}}
"""


@contextmanager
def nginx(web: Path, home: Path) -> Iterator[str]:
    """Serves the tree's folder ``web``; gives the address of its Index API. Skips without nginx, and fails in CI."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        assert not os.environ.get("CI"), MISSING
        pytest.skip(MISSING)
    port = free_port()
    (home / "tmp").mkdir()
    (home / "nginx.conf").write_text(_CONFIGURATION.format(port=port, web=web))
    address = f"http://127.0.0.1:{port}/simple/"
    with served([found, "-e", "stderr", "-p", f"{home}/", "-c", "nginx.conf"], address, home):
        yield address
