"""Vega, Vega-Lite and Vega-Embed as one script, kept in the user's cache: to bundle it takes a second."""

import functools
import os
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Final

import altair as alt
import vl_convert
from platformdirs import user_cache_path

from audit.disk.whole import replacing

_BUNDLER: Final = "vl-convert-python"


@functools.cache
def vega() -> str:
    """The script, of the versions that the charts are written for: from the cache, or bundled anew."""
    charts = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    kept = user_cache_path("release-audit", appauthor=False) / "report" / f"vega-{charts}-{version(_BUNDLER)}.js"
    with suppress(OSError, UnicodeError):
        return kept.read_text("utf-8")
    script = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=charts)
    with suppress(OSError):  # a machine without a writable home, or with a full disk
        _keep(kept, script)
    return script


def _keep(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Another report may do the same.
    with replacing(path, path.with_name(f".{path.name}.{os.getpid()}.part")) as part:
        part.write_text(script, "utf-8", newline="\n")
