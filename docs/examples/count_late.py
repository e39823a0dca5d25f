"""Counts late files in recorded JSON API pages without release-audit: ``count_late.py PAGE...``."""

import gzip
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path

WINDOW = timedelta(days=14)

late_count = file_count = 0
for name in sys.argv[1:]:
    page = json.loads(gzip.decompress(Path(name).read_bytes()))
    for files in page["releases"].values():
        times = [datetime.fromisoformat(file["upload_time_iso_8601"]) for file in files]
        late_count += sum(time - min(times) > WINDOW for time in times)
        file_count += len(times)
print(f"{late_count} of {file_count} files are late")
