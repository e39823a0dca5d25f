"""Takes a file off a recorded page, as if it had not been uploaded yet: ``take_away.py PAGE FILENAME``."""

import gzip
import json
import sys
from pathlib import Path

path, filename = Path(sys.argv[1]), sys.argv[2]
page = json.loads(gzip.decompress(path.read_bytes()))
page["files"] = [file for file in page["files"] if file["filename"] != filename]
# The index counts every change: before the upload its counter stood lower.
page["meta"]["_last-serial"] = int(page["meta"]["_last-serial"]) - 1
path.write_bytes(gzip.compress(json.dumps(page).encode(), mtime=0))
