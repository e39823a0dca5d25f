"""Lays recorded pages out as bandersnatch does: python as_mirror.py RECORDING MIRROR."""

import gzip
import json
import sys
from datetime import datetime
from pathlib import Path

recording, mirror = map(Path, sys.argv[1:])
web = mirror / "web"
for page in sorted(recording.glob("index/*.json.gz")):
    folder = web / "simple" / page.name.removesuffix(".json.gz")
    folder.mkdir(parents=True)
    (folder / "index.v1_json").write_bytes(gzip.decompress(page.read_bytes()))
recorded_at = json.loads((recording / "recording.json").read_text("utf-8"))["recorded_at"]
(web / "last-modified").write_text(datetime.fromisoformat(recorded_at).strftime("%Y%m%dT%H:%M:%S\n"), "utf-8")
